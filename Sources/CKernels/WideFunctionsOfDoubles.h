// Functions that are computed in double precision for both: erf, sin and cos of a vector of doubles.

/// x + x·p(x²) below 1, 1 − e^(−x² − h(x)) beyond, h a polynomial of (x − 3.5)/2.5 fitted to −ln erfc(x) − x².
INLINE V_f64 erf_f64(V_f64 x) {
  const V_f64 size = choose_f64(magnitude_f64(x) > 6, (V_f64)6, magnitude_f64(x));
  const V_f64 z = x * x;
  static const double near_terms[] = {
      0x1.06eba8214db68p-3,  -0x1.812746b0379c1p-2, 0x1.ce2f21a040f66p-4,  -0x1.b82ce31203772p-6,
      0x1.565bccfa44156p-8,  -0x1.c02db0665e53dp-11, 0x1.f9a2be4f731a1p-14, -0x1.f4ca838adb73bp-17,
      0x1.b981d78881a5dp-20, -0x1.5c131500d3f88p-23, 0x1.d76af6ca49787p-27, -0x1.ac9585a44fe29p-31};
  static const double far_terms[] = {
      0x1.dcc8b2950c874p+0,  0x1.549b83597eb6cp-1,  -0x1.a98f9754641c9p-3, 0x1.4e71327131399p-4,
      -0x1.1794037b60073p-5, 0x1.d762d182a0611p-7,  -0x1.8622fee0d93eep-8, 0x1.359563a509c1cp-9,
      -0x1.f18e173bd633ep-11, 0x1.ae02f512844f4p-13, -0x1.b6e5e22e4b311p-14, 0x1.9c1c43500324cp-12,
      0x1.f8a4395b38a8ep-11, 0x1.582a8801eb0d0p-10, 0x1.2afcb3e6294c0p-10, 0x1.45282bd5fcefap-11,
      0x1.a2c3b4ca55effp-13, 0x1.d333720cf9a91p-16};
  const V_f64 near = fma_f64(x, polynomial_f64(z, near_terms, 12), x);
  const V_f64 t = (size - 3.5) * 0.4;
  const V_f64 power = -fma_f64(size, size, polynomial_f64(t, far_terms, 18));
  const V_f64 far = signed_f64(1 - exp_below_zero_f64(power), x);
  return choose_f64(magnitude_f64(x) < 1, near, choose_f64(x != x, x, far));
}

/// What is left of x beside a multiple of π/2, as a sum of two, for |x| ≤ 2^20; and the multiple's last two bits.
INLINE V_f64 quarter_rest_f64(V_f64 x, V_f64 *low, I_f64 *quarter) {
  const V_f64 shifted = x * 0x1.45f306dc9c883p-1 + 0x1.8p52;
  const V_f64 n = shifted - 0x1.8p52;
  *quarter = ints_f64(shifted);
  // π/2 in pieces of 33 bits, whose products with n are exact.
  V_f64 r = x - n * 0x1.921fb544p0;
  const V_f64 second = n * 0x1.0b4611a6p-34;
  const V_f64 t = r;
  r = t - second;
  V_f64 lost = (t - r) - second;
  const V_f64 third = n * 0x1.3198a2e037073p-69;
  const V_f64 sum = r - third;
  lost = lost + ((r - sum) - third);
  *low = lost;
  return sum;
}

/// sin x, or cos x as the sine a quarter further. Source: FreeBSD's k_sin.c and k_cos.c.
INLINE V_f64 sine_f64(V_f64 x, const int quarters) {
  V_f64 low;
  I_f64 quarter;
  const V_f64 r = quarter_rest_f64(x, &low, &quarter);
  quarter = quarter + quarters;
  const V_f64 z = r * r, w = z * z;
  const V_f64 s = fma_f64(z * w, fma_f64(z, (V_f64)1.58969099521155010221e-10, (V_f64)-2.50507602534068634195e-08),
                          fma_f64(z, fma_f64(z, (V_f64)2.75573137070700676789e-06, (V_f64)-1.98412698298579493134e-04),
                                  (V_f64)8.33333333332248946124e-03));
  const V_f64 v = z * r;
  const V_f64 sine = r - ((z * (0.5 * low - v * s) - low) - v * -1.66666666666666324348e-01);
  const V_f64 c = z * fma_f64(z, fma_f64(z, (V_f64)2.48015872894767294178e-05, (V_f64)-1.38888888888741095749e-03),
                              (V_f64)4.16666666666666019037e-02)
                  + w * w * fma_f64(z, fma_f64(z, (V_f64)-1.13596475577881948265e-11, (V_f64)2.08757232129817482790e-09),
                                    (V_f64)-2.75573143513906633035e-07);
  const V_f64 half = 0.5 * z, rest = 1 - half;
  const V_f64 cosine = rest + (((1 - rest) - half) + (z * c - r * low));
  const V_f64 result = choose_f64((quarter & 1) != 0, cosine, sine);
  const V_f64 turned = bits_f64(ints_f64(result) ^ (I_f64)((U_f64)(quarter & 2) << 62));
  // −0 stays −0.
  return quarters == 0 ? choose_f64(x == 0, x, turned) : turned;
}

INLINE V_f64 far_sine_f64(V_f64 x, const int quarters) {
  V_f64 result = sine_f64(x, quarters);
  double each[LANES_f64], values[LANES_f64];
  __builtin_memcpy(each, &x, sizeof x);
  int far = 0;
  for (int i = 0; i < LANES_f64; i++) far |= !(__builtin_fabs(each[i]) <= 0x1p20);
  if (__builtin_expect(far, 0)) {
    __builtin_memcpy(values, &result, sizeof result);
    for (int i = 0; i < LANES_f64; i++)
      if (!(__builtin_fabs(each[i]) <= 0x1p20)) values[i] = quarters ? cos(each[i]) : sin(each[i]);
    __builtin_memcpy(&result, values, sizeof result);
  }
  return result;
}

INLINE V_f64 sin_f64(V_f64 x) { return far_sine_f64(x, 0); }
INLINE V_f64 cos_f64(V_f64 x) { return far_sine_f64(x, 1); }
