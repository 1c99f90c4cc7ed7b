"""Chromium decodes the PNG of every kind of picture, and it looks like the SVG that Chromium draws.

In fonts of other widths letters lie elsewhere, so both are made small before they are compared: what remains is where
how much ink of which colour is.
"""

import base64

import pytest
from jupyter_client.manager import start_new_kernel

SETUP = """
network L { input 1; dense 2, sigmoid, W = [0.1, 0.1]; dense 1, sigmoid, W = [0.4; 0.2]; loss bce }
network M { input 2; dense 4, tanh; dense 1, sigmoid; loss bce }
network P { input 2; dense 1, unit_step, W = [1; 1], b = -1.5 }
f(w, x, b) = sigmoid(w*x + b)
d = dataset(moons)
h = train(M, d, epochs = 20, learning_rate = 0.5);
"""
CELLS = [
    "plot(sigmoid, relu, leaky_relu)",
    "plot(d)",
    "plot(h)",
    "heatmap([1, -2, 3; 4, 5, -6])",
    "heatmap(randn(30, 30))",
    "heatmap(randn(1, 64))",
    "diagram(forward(L, [2]))",
    "diagram(backward(L, [2], [1]))",
    "boundary(M, d)",
    "boundary(P, dataset(and))",
    "image(dataset(digits).X[1:20, :], 8, 8)",
    "landscape(M, d, W[1][1,1], W[1][1,2])",
    "graph(f, w = 1, x = 2, b = 0.5)",
]
SMALL = 48
LOOK = """async ([svg, png, side]) => {
  const pixels = async (type, text) => {
    const image = new Image();
    image.src = `data:${type};base64,` + text;
    await image.decode();
    const [canvas, small] = [document.createElement('canvas'), document.createElement('canvas')];
    canvas.width = 960; canvas.height = 960; small.width = small.height = side;
    const pen = canvas.getContext('2d');
    pen.fillStyle = '#fff'; pen.fillRect(0, 0, 960, 960);
    pen.drawImage(image, 0, 0, 960, 960);
    const all = pen.getImageData(0, 0, 960, 960).data, step = 960 / side, sums = [];
    for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) for (let c = 0; c < 3; c++) {
      let sum = 0;
      for (let v = 0; v < step; v++) for (let u = 0; u < step; u++)
        sum += all[((y * step + v) * 960 + x * step + u) * 4 + c];
      sums.push(sum / step / step);
    }
    return [image.naturalWidth, image.naturalHeight, sums];
  };
  const [a, b] = [await pixels('image/svg+xml', svg), await pixels('image/png', png)];
  const mean = steps => steps.reduce((sum, step) => sum + Math.abs(step), 0) / steps.length;
  return {
    svg: a.slice(0, 2), png: b.slice(0, 2), ink: mean(a[2].map((value) => 250 - value)),
    difference: mean(a[2].map((value, i) => value - b[2][i])),
  };
}"""


@pytest.fixture(scope="module")
def client():
    manager, client = start_new_kernel(kernel_name="nabla")
    client.execute_interactive(SETUP, output_hook=lambda message: None, timeout=60)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def picture(client, cell):
    found = []

    def keep(message):
        if message["msg_type"] in ("display_data", "execute_result"):
            found.append(message["content"])

    client.execute_interactive(cell, output_hook=keep, timeout=60)
    assert len(found) == 1, cell
    return found[0]["data"], found[0]["metadata"]


@pytest.mark.parametrize("cell", CELLS)
def test_the_png_looks_like_the_svg(client, page, cell):
    data, metadata = picture(client, cell)
    svg = base64.b64encode(data["image/svg+xml"].encode()).decode()
    looks = page.evaluate(LOOK, [svg, data["image/png"], SMALL])
    (width, height), (columns, rows) = looks["svg"], looks["png"]
    assert metadata["image/png"] == {"width": width, "height": height}
    assert columns / width == pytest.approx(rows / height, rel=0.01) and 1.2 < columns / width <= 2.01
    print(cell, looks)
    # A picture without its text or its lines is beyond it.
    assert looks["difference"] < 0.3 * looks["ink"], looks
    assert len(base64.b64decode(data["image/png"])) <= 62_000
    assert len(data["image/svg+xml"].encode()) <= 62_000
