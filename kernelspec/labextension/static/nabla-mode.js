// Nabla for CodeMirror: a parser that goes through a cell line by line and names each piece, so that the
// theme can colour it. It follows the kernel's grammar (Sources/Syntax/grammar.txt) as far as a look at the
// rest of the line allows. A cell is coloured while it is typed, so nothing here fails on a wrong one.

const name = /^[\p{L}\p{Nl}_](?:[\p{L}\p{Nl}\p{M}\p{Nd}_₀-₎])*/u;
// Letters to Unicode that stand raised; they end a name.
const raisedLetter = /[ªºʰ-ʸˠ-ˤᴬ-ᵡᵸᶛ-ᶿⁱⁿ]/u;
const number = /^(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/;
const superscript = /^[⁰¹²³⁴-⁹⁺⁻ⁿⁱ]+/;
const operator = /^(?:[=!<>]=|[-+*/^@·⋅×⊙⊗⊘−≤≥≠<>=:|‖])/;
const closing = { '(': ')', '[': ']', '{': '}' };
const bracketStyle = { '(': 'paren', '[': 'squareBracket', '{': 'brace' };

// What the rest of a line can begin with.
const assigns = /^\s*=(?!=)/;
const calls = /^\s*\(/;
const primes = /^['′]/;
const asks = /^\s*\?/;
const opensBlock = /^\s*\{/;
const isEmpty = /^\s*(?:[#;}]|$)/;
const beginsWord = /^\s*[\p{L}_]/u;
const beginsExpression = /^\s*(?:[\p{L}_"\d([∂∇√∞−+|‖-]|\.\d)/u;
const anyOf = (...patterns) => rest => patterns.some(pattern => pattern.test(rest));

/** The keywords that begin a statement, each with what must follow. */
const statements = {
  if: anyOf(beginsExpression, opensBlock, isEmpty),
  for: anyOf(beginsWord, opensBlock, isEmpty),
  while: anyOf(beginsExpression, opensBlock, isEmpty),
  set: anyOf(beginsWord),
  try: anyOf(beginsExpression),
  symbols: anyOf(beginsWord),
  explain: anyOf(beginsExpression),
  audit: anyOf(opensBlock, /^\s*[\p{L}_∂∇]/u),
  assume: anyOf(beginsWord),
  exercise: anyOf(/^\s*[\p{L}_∂∇]/u),
  network: anyOf(beginsWord, opensBlock),
  perceptron: anyOf(beginsWord, opensBlock),
  layer: anyOf(beginsWord),
  parameter: anyOf(beginsWord),
  running: anyOf(beginsWord),
};

/** The keywords that begin an item of a block, beside the words of layers. */
const items = {
  network: new Set(['input', 'residual', 'loss', 'seed', 'precision']),
  perceptron: new Set(['input', 'threshold', 'strict', 'outputs']),
};

const kinds = new Set([
  'scalar', 'vector', 'matrix', 'array', 'batch', 'symmetric', 'diagonal', 'triangular', 'one_hot', 'index', 'function',
]);

/** The words that settings and `explain` take; those of functions stand in the reference. */
const wordsOfStatements = { view: ['auto', 'neuron', 'matrix'], bias: ['b', 'w0'], form: ['scalar', 'matrix'] };

/** The language for CodeMirror's StreamLanguage; `names` is what `nabla install` writes from the registries. */
export function nabla(names) {
  const functions = new Set(names.functions);
  const constants = new Set(names.constants);
  const activations = new Set(names.activations);
  const losses = new Set(names.losses);
  const layers = new Set(names.layers);
  const precisions = new Set(names.precisions);
  const choices = new Map(Object.entries({ ...names.choices, ...wordsOfStatements }));
  const firstArguments = new Map(Object.entries(names.firstArguments));

  // The state is copied at the start of each line: its lists are, what they hold is not, so entries of
  // `open` are replaced, never changed.
  function startState() {
    return {
      // The brackets that are open, the innermost last; the first stands for the cell itself.
      open: [{ sign: '', role: 'block', owner: '', outer: 0, inner: 0 }],
      begins: true, // a statement, or an item of a network, begins here
      owner: '', // the keyword that began the statement
      nextRole: 'block', // what a `{` will open
      previous: '', // the token before, as written
      isOperand: false, // whether a value ends with it
      goesOn: false, // whether the statement goes on, on the next line if need be
      loop: '', // between `for` and its range: what comes next, 'name' or 'in'
      argument: '', // the keyword of the argument whose value begins here
      lineIndent: 0,
    };
  }

  const innermost = state => state.open[state.open.length - 1];
  const isInBlock = state => innermost(state).sign === '{' || innermost(state).sign === '';

  function beginLine(stream, state) {
    state.lineIndent = stream.indentation();
    state.isOperand = false;
    const isComment = /^\s*#/.test(stream.string);
    if (isInBlock(state) && !state.goesOn) {
      beginStatement(state);
      state.nextRole = 'block';
    } else if (isInBlock(state) || isComment) {
      return;
    }
    // What follows lines up with the line that is read now.
    if (!isComment && !/^\s*[)\]}]/.test(stream.string)) {
      state.open[state.open.length - 1] = { ...innermost(state), inner: state.lineIndent };
    }
  }

  function beginStatement(state) {
    state.begins = true;
    state.owner = '';
    state.previous = '';
    state.loop = '';
  }

  function token(stream, state) {
    if (stream.sol()) beginLine(stream, state);
    if (stream.eatSpace()) return null;
    if (stream.match('#')) {
      stream.skipToEnd();
      return 'comment';
    }
    const style = piece(stream, state);
    const sign = stream.current();
    state.begins = false;
    state.previous = sign;
    if (sign === '{' || (sign === ';' && isInBlock(state))) beginStatement(state);
    return style;
  }

  /** Reads one piece that is neither space nor comment. */
  function piece(stream, state) {
    const { isOperand, previous } = state;
    const argument = previous === '=' ? state.argument : '';
    if (argument) state.argument = '';
    state.isOperand = true;
    state.goesOn = false;

    if (stream.match(number)) return 'number';
    if (stream.match(/^"(?:[^"\\]|\\.)*(?:"|\\?$)/)) return 'string';
    if (stream.match('ᵀ') || stream.match('′') || stream.match(superscript)) return 'operator';
    if (stream.peek() === "'") {
      // Directly behind a value it is a prime; elsewhere, as in other languages, a text.
      const isAttached = isOperand && !/\s$/.test(stream.string.slice(0, stream.pos));
      if (!isAttached && stream.match(/^'[^']*'/)) return 'string';
      stream.next();
      return 'operator';
    }
    if (stream.match(name)) {
      const raised = stream.current().search(raisedLetter);
      if (raised > 0) stream.pos = stream.start + raised;
      return word(stream, state, { isOperand, previous, argument });
    }

    state.isOperand = false;
    const sign = stream.peek();
    if (sign in closing) return open(stream, state, isOperand, previous);
    if (sign === ')' || sign === ']' || sign === '}') return close(stream, state);
    if (sign === '∂' || sign === '∇') {
      stream.next();
      return 'operator';
    }
    if (stream.match(operator)) {
      state.goesOn = true;
      return stream.current() === ':' && declares(state) ? 'punctuation' : 'operator';
    }
    stream.next();
    switch (stream.current()) {
      case ',':
        state.goesOn = true;
        return 'separator';
      case ';':
        return 'separator';
      case '.':
        return 'derefOperator';
      case '?':
        return 'operator';
      default: // `√`, `∞`
        state.isOperand = true;
        if (constants.has(stream.current())) return 'atom';
        return functions.has(stream.current()) ? 'variableName.standard' : null;
    }
  }

  /** Whether names are declared here, so that a `:` has their kind behind it. */
  function declares(state) {
    const { role } = innermost(state);
    return role === 'parameters' || (role === 'block' && state.owner === 'symbols');
  }

  function word(stream, state, { isOperand, previous, argument }) {
    const spelled = stream.current().normalize('NFC');
    const rest = stream.string.slice(stream.pos);
    const { role, callee } = innermost(state);

    /** A keyword, with no value before what follows it. */
    function keyword() {
      state.isOperand = false;
      state.goesOn = ['and', 'or', 'not', 'explain', 'try'].includes(spelled);
      return 'keyword';
    }

    if (previous === '.') return 'propertyName';
    if (declares(state)) {
      if (previous === ':' && kinds.has(spelled)) return 'variableName.special';
      return 'variableName';
    }
    if (state.begins) {
      const style = firstWord(spelled, rest, state, keyword);
      if (style) return style;
    }

    switch (spelled) {
      case 'true':
      case 'false':
        if (!assigns.test(rest)) return 'bool';
        break;
      case 'and':
      case 'or':
        if (isOperand) return keyword();
        break;
      case 'not':
        if (!isOperand && anyOf(beginsExpression, isEmpty)(rest)) return keyword();
        break;
      case 'in':
        if (state.loop !== 'in' && state.owner !== 'assume') break;
        state.loop = '';
        return keyword();
      case 'for':
        if (!isOperand || !beginsWord.test(rest)) break;
        state.loop = 'name';
        return keyword();
      case 'if':
        if (!isOperand && beginsExpression.test(rest)) return keyword();
        break;
      case 'else':
        if (opensBlock.test(rest) || /^\s*if\b/.test(rest)) return keyword();
        break;
      case 'explain':
        if (isInBlock(state) && (previous === '=' || previous === 'try') && beginsExpression.test(rest)) {
          state.owner = 'explain';
          return keyword();
        }
        break;
      case 'audit':
        if (!isOperand && statements.audit(rest)) return keyword();
        break;
    }

    if (state.loop === 'name') {
      state.loop = 'in';
      return 'variableName.definition';
    }
    if (previous === state.owner && ['network', 'perceptron', 'layer'].includes(previous)) {
      return 'variableName.definition';
    }
    const isOfOptions = state.owner === 'explain' || layers.has(state.owner);
    const takesOptions = isInBlock(state) && isOfOptions && previous === ',';
    const isSetting = isInBlock(state) && state.owner === 'set' && previous === 'set';
    if (assigns.test(rest) && (role === 'call' || takesOptions || isSetting)) {
      state.argument = spelled;
      return 'attributeName';
    }
    if (choices.get(argument)?.includes(spelled)) return 'labelName';
    if (previous === '(' && firstArguments.get(callee)?.includes(spelled)) return 'labelName';
    if (role === 'network') {
      if (state.owner === 'precision' && precisions.has(spelled)) return 'labelName';
      if (state.owner === 'loss' && losses.has(spelled)) return 'variableName.standard';
    }
    if (constants.has(spelled)) return 'atom';
    const isFunction = calls.test(rest) || primes.test(rest) || asks.test(rest)
      || previous === '∂' || previous === '∇' || callee === 'help' || activations.has(spelled);
    return isFunction && functions.has(spelled) ? 'variableName.standard' : 'variableName';
  }

  /** The word that a statement or an item begins with; nothing when it only begins an expression. */
  function firstWord(spelled, rest, state, keyword) {
    const { role } = innermost(state);
    if (role in items) {
      const isItem = items[role].has(spelled) || (role === 'network' && layers.has(spelled));
      if (!isItem || assigns.test(rest)) return undefined;
      state.owner = spelled;
      if (spelled === 'residual') state.nextRole = 'network';
      return keyword();
    }
    if (assigns.test(rest)) return 'variableName.definition';
    if (Object.hasOwn(statements, spelled) && statements[spelled](rest)) {
      state.owner = spelled;
      if (spelled in items) state.nextRole = spelled;
      if (spelled === 'for') state.loop = 'name';
      return keyword();
    }
    if (isDefinition(rest)) {
      state.nextRole = 'parameters';
      return 'variableName.function.definition';
    }
    return undefined;
  }

  function open(stream, state, isOperand, previous) {
    const sign = stream.next();
    let role = 'list';
    if (sign === '{' || (sign === '(' && state.nextRole === 'parameters')) {
      role = state.nextRole;
      state.nextRole = 'block';
    } else if (sign === '(') {
      role = declares(state) ? 'sizes' : 'call';
    }
    state.open.push({
      sign,
      role,
      callee: isOperand ? previous : '',
      owner: state.owner,
      outer: state.lineIndent,
      inner: null,
    });
    return bracketStyle[sign];
  }

  /** A closing bracket; a `}` also closes what was forgotten inside it, the others never close a `{`. */
  function close(stream, state) {
    const sign = stream.next();
    let depth = state.open.length - 1;
    while (depth > 0 && closing[state.open[depth].sign] !== sign) {
      if (sign !== '}' && state.open[depth].sign === '{') depth = 0;
      else depth -= 1;
    }
    if (depth > 0) {
      state.owner = state.open[depth].owner;
      state.open.length = depth;
    }
    state.isOperand = true;
    return { ')': 'paren', ']': 'squareBracket', '}': 'brace' }[sign];
  }

  function indent(state, textAfter, { unit }) {
    const { sign, outer, inner } = innermost(state);
    if (sign && textAfter.startsWith(closing[sign])) return outer;
    const base = inner ?? outer + unit;
    return isInBlock(state) && state.goesOn ? base + unit : base;
  }

  return {
    name: 'nabla',
    startState,
    token,
    indent,
    languageData: {
      commentTokens: { line: '#' },
      // No `'`: it is no quotation mark.
      closeBrackets: { brackets: ['(', '[', '{', '"'] },
      indentOnInput: /^\s*[)\]}]$/,
      wordChars: '₀₁₂₃₄₅₆₇₈₉',
    },
  };
}

/** Whether the `)` that matches the `(` here is followed by `=`. */
function isDefinition(rest) {
  if (!calls.test(rest)) return false;
  let depth = 0;
  for (let index = rest.indexOf('('); index < rest.length; index += 1) {
    if (rest[index] === '#') return false;
    if (rest[index] === '(') depth += 1;
    if (rest[index] === ')') depth -= 1;
    if (depth === 0) return assigns.test(rest.slice(index + 1));
  }
  return false;
}
