import Syntax

/// The layers that ship with the kernel, as they are written in the language. Several of one name are for inputs of
/// several kinds.
package enum NamedLayers {
  /// Read when a network first has a layer that is not dense.
  package static let all: [UserLayer] = {
    let source = SourceText(text)
    return definitions(in: source).map { UserLayer($0, source: source, cell: ofNoCell) }
  }()

  /// What the parser of every cell needs to know of them: their first lines and their parameters say it.
  package static let words: [LayerWord] = {
    var outline: [UInt8] = []
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      let isParameters = line.starts(with: "    parameter ".utf8)
      if isParameters || line.starts(with: "layer ".utf8) {
        outline += line
        outline += "\n".utf8
      } else if line.first == UInt8(ascii: "}") {
        outline += "0\n}\n".utf8
      }
    }
    return definitions(in: SourceText(String(decoding: outline, as: UTF8.self))).map(\.word)
  }()

  private static func definitions(in source: SourceText) -> [LayerSyntax] {
    Parser.parse(source, layers: []).statements.compactMap { statement in
      if case .layer(let syntax) = statement.kind { syntax } else { nil }
    }
  }

  /// What is wrong with their text: nothing, as a test sees.
  package static var mistakes: [Diagnostic] {
    Parser.parse(SourceText(text), layers: []).diagnostics
  }

  /// No cell has this number.
  static let ofNoCell = -1

  private static let text = """
    # all entries as one vector, the last index fastest
    layer flatten(X) {
        flatten(X)
    }

    # the same entries in other sizes, the last index fastest
    layer reshape(X, rows, columns = 0, third = 0, fourth = 0) {
        if fourth > 0 { reshape(X, rows, columns, third, fourth) } else if third > 0 { reshape(X, rows, columns, third) } else if columns > 0 { reshape(X, rows, columns) } else { reshape(X, rows) }
    }

    # rows and columns exchanged
    layer transpose(X: matrix(m, n)) {
        X'
    }

    # a row for each number of the input, 1 … count
    layer embedding(x: vector(t), count, k) {
        parameter E: matrix(count, k)
        [E[x[i], :] for i in 1:t]
    }

    # sine and cosine of the place, which is 0 in the first row
    layer position(X: matrix(t, d)) {
        P = [if mod(j, 2) == 1 { sin((i - 1)/10000^((j - 1)/d)) } else { cos((i - 1)/10000^((j - 2)/d)) } for i in 1:t, j in 1:d]
        X + P
    }

    # filters that go along a sequence; K is filters × channels × width
    layer conv1d(X: array(channels, n), filters, width, activation = identity, stride = 1, padding = 0) {
        parameter K: array(filters, channels, width), b: vector(filters)
        P = windows(X, width, stride = stride, padding = padding)
        Z = reshape(K, filters, channels*width) @ P' + column(b)
        activation(Z)
    }

    # filters that go over an image; K is filters × channels × height × width
    layer conv2d(X: array(channels, h, w), filters, height, width, activation = identity, stride = 1, padding = 0) {
        parameter K: array(filters, channels, height, width), b: vector(filters)
        rows = floor((h + 2*(padding*ones(2))[1] - height)/(stride*ones(2))[1]) + 1
        columns = floor((w + 2*(padding*ones(2))[2] - width)/(stride*ones(2))[2]) + 1
        P = windows(X, height, width, stride = stride, padding = padding)
        Z = reshape(reshape(K, filters, channels*height*width) @ P' + column(b), filters, rows, columns)
        activation(Z)
    }

    # the largest entry that a window sees at each place
    layer max_pool(X: matrix(h, w), height, width = height, stride = [height, width], padding = 0) {
        rows = floor((h + 2*(padding*ones(2))[1] - height)/(stride*ones(2))[1]) + 1
        columns = floor((w + 2*(padding*ones(2))[2] - width)/(stride*ones(2))[2]) + 1
        P = windows(X, height, width, stride = stride, padding = padding, fill = -inf)
        reshape(max(P, axis = 2), rows, columns)
    }

    layer max_pool(X: array(channels, h, w), height, width = height, stride = [height, width], padding = 0) {
        rows = floor((h + 2*(padding*ones(2))[1] - height)/(stride*ones(2))[1]) + 1
        columns = floor((w + 2*(padding*ones(2))[2] - width)/(stride*ones(2))[2]) + 1
        for c in 1:channels {
            P[c] = windows(X[c, :, :], height, width, stride = stride, padding = padding, fill = -inf)
        }
        [reshape(max(P[c], axis = 2), rows, columns) for c in 1:channels]
    }

    # the mean of what a window sees at each place, padding counted
    layer average_pool(X: matrix(h, w), height, width = height, stride = [height, width], padding = 0) {
        rows = floor((h + 2*(padding*ones(2))[1] - height)/(stride*ones(2))[1]) + 1
        columns = floor((w + 2*(padding*ones(2))[2] - width)/(stride*ones(2))[2]) + 1
        P = windows(X, height, width, stride = stride, padding = padding)
        reshape(mean(P, axis = 2), rows, columns)
    }

    layer average_pool(X: array(channels, h, w), height, width = height, stride = [height, width], padding = 0) {
        rows = floor((h + 2*(padding*ones(2))[1] - height)/(stride*ones(2))[1]) + 1
        columns = floor((w + 2*(padding*ones(2))[2] - width)/(stride*ones(2))[2]) + 1
        for c in 1:channels {
            P[c] = windows(X[c, :, :], height, width, stride = stride, padding = padding)
        }
        [reshape(mean(P[c], axis = 2), rows, columns) for c in 1:channels]
    }

    # the mean of each channel
    layer global_average_pool(X: matrix(channels, n)) {
        mean(X, axis = 2)
    }

    layer global_average_pool(X: array(channels, h, w)) {
        mean(reshape(X, channels, h*w), axis = 2)
    }

    # a recurrence of k units: h_t = tanh(x_t Wx + h_{t-1} Wh + b)
    layer rnn(X: matrix(T, n), k, h0 = 0, sequence = false) {
        parameter Wx: matrix(n, k), Wh: matrix(k, k), b: vector(k)
        h[0] = h0 + zeros(k)
        for t in 1:T { h[t] = tanh(X[t, :] @ Wx + h[t - 1] @ Wh + b) }
        if sequence { [h[t] for t in 1:T] } else { h[T] }
    }

    # column blocks of Wx, Wh and b: i, f, g, o
    layer lstm(X: matrix(T, n), k, h0 = 0, c0 = 0, sequence = false) {
        parameter Wx: matrix(n, 4k), Wh: matrix(k, 4k), b: vector(4k)
        h[0] = h0 + zeros(k)
        c[0] = c0 + zeros(k)
        for t in 1:T {
            s[t] = X[t, :] @ Wx + h[t - 1] @ Wh + b
            i[t] = sigmoid(s[t][1:k])
            f[t] = sigmoid(s[t][k + 1:2k])
            g[t] = tanh(s[t][2k + 1:3k])
            o[t] = sigmoid(s[t][3k + 1:4k])
            c[t] = f[t] ⊙ c[t - 1] + i[t] ⊙ g[t]
            h[t] = o[t] ⊙ tanh(c[t])
        }
        if sequence { [h[t] for t in 1:T] } else { h[T] }
    }

    # column blocks of Wx, Wh, b and c: r, z, n
    layer gru(X: matrix(T, d), k, h0 = 0, sequence = false) {
        parameter Wx: matrix(d, 3k), Wh: matrix(k, 3k), b: vector(3k), c: vector(3k)
        h[0] = h0 + zeros(k)
        for t in 1:T {
            u[t] = X[t, :] @ Wx + b
            v[t] = h[t - 1] @ Wh + c
            r[t] = sigmoid(u[t][1:k] + v[t][1:k])
            z[t] = sigmoid(u[t][k + 1:2k] + v[t][k + 1:2k])
            n[t] = tanh(u[t][2k + 1:3k] + r[t] ⊙ v[t][2k + 1:3k])
            h[t] = (1 - z[t]) ⊙ n[t] + z[t] ⊙ h[t - 1]
        }
        if sequence { [h[t] for t in 1:T] } else { h[T] }
    }

    # each row looks at all rows: softmax(Q Kᵀ/√k) V, in heads where there are several
    layer attention(X: matrix(t, d), k, heads = 1, causal = false) {
        parameter Wq, Wk, Wv: matrix(d, k)
        Q = X @ Wq
        K = X @ Wk
        V = X @ Wv
        s = k/heads
        if causal {
            M = [if j > i { -inf } else { 0 } for i in 1:t, j in 1:t]
            if heads == 1 {
                A = softmax(Q @ K' / sqrt(k) + M)
            } else {
                A = [softmax(Q[:, (i - 1)*s + 1:i*s] @ K[:, (i - 1)*s + 1:i*s]' / sqrt(s) + M) for i in 1:heads]
            }
        } else {
            if heads == 1 {
                A = softmax(Q @ K' / sqrt(k))
            } else {
                A = [softmax(Q[:, (i - 1)*s + 1:i*s] @ K[:, (i - 1)*s + 1:i*s]' / sqrt(s)) for i in 1:heads]
            }
        }
        if heads == 1 { A @ V } else { reshape([(A[i, :, :] @ V[:, (i - 1)*s + 1:i*s])' for i in 1:heads], k, t)' }
    }

    # entries less their mean, by their deviation, along the last index; then γ and β
    layer layer_norm(X: vector(n)) {
        parameter γ: vector(n) = ones, β: vector(n)
        μ = mean(X)
        v = var(X)
        Z = (X - μ)/sqrt(v + 1e-5)
        γ ⊙ Z + β
    }

    layer layer_norm(X: matrix(t, n)) {
        parameter γ: vector(n) = ones, β: vector(n)
        μ = mean(X, axis = 2)
        v = var(X, axis = 2)
        Z = (X - column(μ))/column(sqrt(v + 1e-5))
        γ ⊙ Z + β
    }

    layer layer_norm(X: array(c, h, n)) {
        parameter γ: vector(n) = ones, β: vector(n)
        μ = mean(X, axis = 3)
        v = var(X, axis = 3)
        Z = (X - reshape(μ, c, h, 1))/reshape(sqrt(v + 1e-5), c, h, 1)
        γ ⊙ Z + β
    }

    # entries less their mean over the examples, by their deviation; then γ and β
    layer batch_norm(X: batch(m, n)) {
        parameter γ: vector(n) = ones, β: vector(n)
        μ = mean(X, axis = 1)
        v = var(X, axis = 1)
        running μ = 0, v = 1
        Z = (X - μ)/sqrt(v + 1e-5)
        γ ⊙ Z + β
    }

    layer batch_norm(X: batch(m, c, n)) {
        parameter γ: vector(c) = ones, β: vector(c)
        μ = [mean(X[:, i, :]) for i in 1:c]
        v = [var(X[:, i, :]) for i in 1:c]
        running μ = 0, v = 1
        Z = (X - reshape(μ, c, 1))/reshape(sqrt(v + 1e-5), c, 1)
        reshape(γ, c, 1) ⊙ Z + reshape(β, c, 1)
    }

    layer batch_norm(X: batch(m, c, h, w)) {
        parameter γ: vector(c) = ones, β: vector(c)
        μ = [mean(X[:, i, :, :]) for i in 1:c]
        v = [var(X[:, i, :, :]) for i in 1:c]
        running μ = 0, v = 1
        Z = (X - reshape(μ, c, 1, 1))/reshape(sqrt(v + 1e-5), c, 1, 1)
        reshape(γ, c, 1, 1) ⊙ Z + reshape(β, c, 1, 1)
    }

    # in training entries are kept with probability 1 - p, and divided by it
    layer dropout(X, p, mask = kept(1 - p)) {
        if training { X ⊙ mask/(1 - p) } else { X }
    }
    """
}
