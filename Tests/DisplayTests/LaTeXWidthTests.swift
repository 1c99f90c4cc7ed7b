import Notation
import Testing

/// How wide formulas of the notebooks are in JupyterLab, whose MathJax sets them at 18.1 pixels: measured there.
@Suite("The width of formulas")
struct LaTeXWidthTests {
  static let measured: [(latex: String, pixels: Double)] = [
    (
      #"\frac{\partial y}{\partial x_{j}} = \frac{\partial}{\partial x_{j}} \left(\sum_{i=1}^{n} x_{i}^{2}\right) = \sum_{i=1}^{n} \frac{\partial}{\partial x_{j}} \left(x_{i}^{2}\right) = 2 x_{j}"#,
      344
    ),
    (#"z = b + w_{1} x_{1} + w_{2} x_{2} = 0 + 0 \cdot 0 + 0 \cdot 0 = 0"#, 336),
    (
      #"\frac{\partial u_{1}}{\partial x} = 2 x \qquad \text{(power rule)}\; \left(u^{n}\right)' = n u^{n-1} u'"#,
      342
    ),
    (
      #"\frac{\partial L}{\partial \mathrm{Wq}^{[1]}} = \left(x^{[0]}\right)^{\top} \frac{\partial L}{\partial Q^{[1]}} = \begin{bmatrix} 1 & 0 \\ 0 & 1 \\ 1 & 1 \end{bmatrix}^{\top} \begin{bmatrix} -0.0318 & 0.1769 \\ 0.0173 & 0.2070 \\ 0.0388 & 0.3876 \end{bmatrix} = \begin{bmatrix} 0.00700 & 0.5646 \\ 0.0561 & 0.5946 \end{bmatrix}"#,
      618
    ),
    (
      #"= \frac{1}{N} \sum_{i=1}^{N} \frac{\partial}{\partial w_{k}} \left(\left(y_{i} - \max\left(0, \left(\sum_{j=1}^{n} X_{i j} w_{j}\right) + b\right)\right)^{2}\right)"#,
      436
    ),
    (
      #"= \begin{bmatrix} -4.5 & 3 \end{bmatrix} \begin{bmatrix} -1 & 0 \\ 0 & -1 \end{bmatrix} \begin{bmatrix} 1 & 0 \\ 0 & 0 \end{bmatrix} \begin{bmatrix} 1 & 2 \\ -1 & -2 \end{bmatrix} = \begin{bmatrix} 4.5 & 9 \end{bmatrix}"#,
      409
    ),
    (
      #"\mathrm{\delta A}^{[1]} = A^{[1]} \odot \left(\frac{\partial L}{\partial A^{[1]}} - \operatorname{sum}_{2}\left(\frac{\partial L}{\partial A^{[1]}} \odot A^{[1]}\right)\right)"#,
      374
    ),
    (
      #"w_{02,\text{new}}^{[1]} = w_{02}^{[1]} - \eta \frac{\partial L}{\partial w_{02}^{[1]}} = 0.2 - 0.1 \left(-0.00337\right) = 0.2003"#,
      439
    ),
    (
      #"\frac{\partial u_{1}}{\partial x} = 2 x = 2 \cdot 2 = 4 \qquad \text{(power rule)}\; \left(u^{n}\right)' = n u^{n-1} u'"#,
      430
    ),
    (
      #"Z^{[1]}_{1 1 3} = \left(K^{[1]}_{1 1 1 1} x^{[0]}_{1 3} + K^{[1]}_{1 1 1 2} x^{[0]}_{1 4} + K^{[1]}_{1 1 2 1} x^{[0]}_{2 3} + K^{[1]}_{1 1 2 2} x^{[0]}_{2 4}\right) + b^{[1]}_{1}"#,
      461
    ),
    (
      #"\frac{\partial \mathbf{y}}{\partial \mathbf{x}} = \frac{\partial \mathbf{f}}{\partial \mathbf{g}} \, \frac{\partial \mathbf{g}}{\partial \mathbf{x}} = \begin{bmatrix} 2 g_{1} & 0 \\ g_{2} & g_{1} \\ 0 & \cos\left(g_{2}\right) \end{bmatrix} \cdot \begin{bmatrix} x_{2} & x_{1} & 0 & 0 \\ 0 & 0 & 1 & 1 \end{bmatrix}"#,
      405
    ),
    (
      #"= \frac{2}{N} \operatorname{sum}\left(\left(X \mathbf{w} + b - \mathbf{y}\right) \odot \left[X \mathbf{w} + b > 0\right]\right) \qquad \text{(in matrix notation)}"#,
      519
    ),
    (#"z = w_{0} + w_{1} x_{1} + w_{2} x_{2} = -1 + 0 \cdot 1 + 0 \cdot 1 = -1"#, 377),
    (
      #"o = \operatorname{step}\left(z\right) = \operatorname{step}\left(2\right) = 1 \qquad \text{(z $\ge$ 0)}"#,
      297
    ),
    (
      #"\frac{\partial r}{\partial z} = \begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases} \qquad \text{(maximum)}\; \max(u, v)' = \begin{cases} u' & u > v \\ v' & v > u \end{cases}"#,
      465
    ),
    (#"= 0.5 + 0.4 \cdot 0.6165 + 0.2 \cdot 0.5968 + 0.6 \cdot 0.6076 = 1.2305"#, 442),
    (
      #"\frac{\partial a_{2}^{[1]}}{\partial z_{2}^{[1]}} = \begin{cases} 1 & z_{2}^{[1]} > 0 \\ 0 & z_{2}^{[1]} \le 0 \end{cases} = \begin{cases} 1 & 2 > 0 \\ 0 & 2 \le 0 \end{cases} = \boxed{1}"#,
      315
    ),
    (#"a_{1}^{[1]} = \sigma\left(z_{1}^{[1]}\right) = \sigma\left(\boxed{1}\right) = 0.5744"#, 259),
    (#"z = b + w_{1} x_{1} + w_{2} x_{2} = -1 + 0 \cdot 0 + 0 \cdot 1 = -1"#, 364),
    (#"\mathrm{activation} = \max\left(0, z\right) = \max\left(0, 11.5\right) = 11.5"#, 360),
    (
      #"\frac{\partial a_{2}^{[1]}}{\partial z_{2}^{[1]}} = \begin{cases} 1 & z_{2}^{[1]} > 0 \\ 0.01 & z_{2}^{[1]} \le 0 \end{cases} = \begin{cases} 1 & 0 > 0 \\ 0.01 & 0 \le 0 \end{cases} = \boxed{4}"#,
      361
    ),
    (#"a_{1}^{[1]} = \sigma\left(z_{1}^{[1]}\right) = \sigma\left(0.3\right) = 0.5744"#, 256),
    (#"z = b + w_{1} x_{1} + w_{2} x_{2} = 0 + 1 \cdot 1 + 1 \cdot 1 = 2"#, 336),
    (#"z = b + w_{1} x_{1} + w_{2} x_{2} = \boxed{2} + 0 \cdot 1 + \boxed{1} \cdot 0 = 0"#, 354),
  ]

  @Test("is known within an eighth, in columns as wide as a digit", arguments: measured.indices)
  func width(index: Int) {
    let (latex, pixels) = Self.measured[index]
    let expected = pixels / 18.1 / 0.5
    let columns = Double(LaTeXWidth.columns(of: latex))
    #expect(abs(columns - expected) <= 1 + expected / 8, "\(columns) for \(expected): \(latex)")
  }

  @Test("scripts above each other, rows of a matrix and words with formulas")
  func parts() {
    let width = { (latex: String) in LaTeXWidth.columns(of: latex) }
    #expect(width("x_{1}^{2}") == width("x_{1}"))
    #expect(
      width(#"\begin{bmatrix} 1 \\ 22 \end{bmatrix}"#)
        == width(#"\begin{bmatrix} 22 \end{bmatrix}"#))
    #expect(width(#"\text{a $x + y$ b}"#) > width(#"\text{a b}"#) + width("x + y") - 2)
    #expect(width("") == 0)
  }
}
