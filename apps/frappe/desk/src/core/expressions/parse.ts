/**
 * The language of conditions: the part of JavaScript that forms use, as a tree.
 *
 * Invariant: reading has no effect and looks at nothing but the text; what is not in this language is refused.
 * The server reads the same language (`frappe_engine/expressions/syntax.py`); both are held to one table of cases.
 */

export type UnaryOperator = '!' | '-' | '+' | '~' | 'typeof';

export type BinaryOperator =
  | '??'
  | '||'
  | '&&'
  | '|'
  | '^'
  | '&'
  | '=='
  | '!='
  | '==='
  | '!=='
  | '<'
  | '>'
  | '<='
  | '>='
  | 'in'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%';

export type Node =
  | { kind: 'literal'; value: unknown }
  | { kind: 'name'; name: string }
  | { kind: 'array'; items: Node[] }
  | { kind: 'object'; entries: [string, Node][] }
  | { kind: 'member'; target: Node; key: Node; optional: boolean }
  | { kind: 'call'; callee: Node; arguments: Node[]; optional: boolean }
  /** Members and calls with a ?. among them: all of it is undefined once a ?. meets nothing. */
  | { kind: 'chain'; inner: Node }
  | { kind: 'unary'; operator: UnaryOperator; operand: Node }
  | { kind: 'binary'; operator: BinaryOperator; left: Node; right: Node }
  | { kind: 'conditional'; test: Node; yes: Node; no: Node };

/** An expression can't be read or has no value; `expression` is its text. */
export class ExpressionError extends Error {
  constructor(
    readonly expression: string,
    readonly reason: string,
  ) {
    super(`${reason} in: ${expression.length <= 200 ? expression : `${expression.slice(0, 200)}…`}`);
    this.name = new.target.name;
  }
}

/** The text is no expression of the language, or uses a part of it that is not supported. */
export class ExpressionSyntaxError extends ExpressionError {}

type TokenKind = 'number' | 'string' | 'name' | 'sign' | 'end';

interface Token {
  kind: TokenKind;
  text: string;
  value: unknown;
  position: number;
}

const MAX_LENGTH = 20_000;
const MAX_DEPTH = 60;
const MAX_OPERATIONS = 250;

const TOKEN = new RegExp(
  [
    '(?<space>[\\s\\ufeff]+)',
    '(?<number>0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)',
    '(?<name>[\\p{L}\\p{Nl}_$][\\p{L}\\p{N}\\p{M}_$]*)',
    '(?<string>\'(?:[^\'\\\\\\n]|\\\\[^])*\'|"(?:[^"\\\\\\n]|\\\\[^])*"|`(?:[^`\\\\$]|\\\\[^]|\\$(?!\\{))*`)',
    '(?<sign>===|!==|==|!=|<=|>=|&&|\\|\\||\\?\\?|\\?\\.(?!\\d)|=>|\\.\\.\\.|\\+\\+|--|\\*\\*|<<|>>|[-+*/%!~<>?:.,;()[\\]{}&|^=])',
  ].join('|'),
  'yu',
);
const NAME_CHARACTER = /[\p{L}\p{N}\p{M}_$]/u;
const ESCAPE = /\\(u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[^])/gu;
const ESCAPED = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['0', '\0'],
  ['\n', ''],
]);

const CONSTANTS = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
]);
const REFUSED = new Set(
  (
    'new delete void this super function class return var let const if else for while do switch case break continue ' +
    'try catch throw await async yield import export instanceof with debugger'
  ).split(' '),
);
/** Operator to how strongly it binds. */
const BINDING = new Map<string, number>([
  ['??', 1],
  ['||', 2],
  ['&&', 3],
  ['|', 4],
  ['^', 5],
  ['&', 6],
  ...(['==', '!=', '===', '!=='] as const).map((sign): [string, number] => [sign, 7]),
  ...(['<', '>', '<=', '>=', 'in'] as const).map((sign): [string, number] => [sign, 8]),
  ...(['+', '-'] as const).map((sign): [string, number] => [sign, 9]),
  ...(['*', '/', '%'] as const).map((sign): [string, number] => [sign, 10]),
]);
const UNMIXED = new Map<string, readonly string[]>([
  ['??', ['||', '&&']],
  ['||', ['??']],
  ['&&', ['??']],
]);

/** Read a text as one expression; a semicolon at its end is allowed. Throws `ExpressionSyntaxError`. */
export function parse(text: string): Node {
  if (text.length > MAX_LENGTH) {
    throw new ExpressionSyntaxError(`${text.slice(0, 80)}…`, `longer than ${MAX_LENGTH} characters`);
  }
  return new Parser(text).expressionToEnd();
}

/** Cut a text into its tokens, an `end` token last. */
function tokens(text: string): Token[] {
  const found: Token[] = [];
  let position = 0;
  while (position < text.length) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (!match) throw unexpectedCharacter(text, position);
    const kind = kindOf(match);
    const piece = match[0];
    const end = position + piece.length;
    if (kind === 'number' && end < text.length && NAME_CHARACTER.test(text.charAt(end))) {
      throw unexpectedCharacter(text, end);
    }
    if (kind !== 'space') found.push({ kind, text: piece, value: valueOf(kind, piece), position });
    position = end;
  }
  found.push({ kind: 'end', text: '', value: undefined, position });
  return found;
}

function unexpectedCharacter(text: string, position: number): ExpressionSyntaxError {
  return new ExpressionSyntaxError(text, `unexpected '${text.charAt(position)}' at ${position}`);
}

function kindOf(match: RegExpExecArray): TokenKind | 'space' {
  const groups = match.groups ?? {};
  const kinds = ['space', 'number', 'name', 'string', 'sign'] as const;
  return kinds.find((kind) => groups[kind] !== undefined) ?? 'sign';
}

function valueOf(kind: TokenKind, piece: string): unknown {
  if (kind === 'number') return Number(piece);
  return kind === 'string' ? piece.slice(1, -1).replace(ESCAPE, (_, code: string) => unescapeCode(code)) : undefined;
}

function unescapeCode(code: string): string {
  if (code.length > 1 && (code.startsWith('u') || code.startsWith('x'))) {
    return String.fromCodePoint(Number.parseInt(code.slice(1).replace(/[{}]/g, ''), 16));
  }
  return ESCAPED.get(code) ?? code;
}

/** Reads one text from left to right, by precedence climbing. */
class Parser {
  private readonly tokens: Token[];
  private readonly parenthesised = new Set<Node>();
  private index = 0;
  private depth = 0;
  private operations = 0;

  constructor(private readonly text: string) {
    this.tokens = tokens(text);
  }

  expressionToEnd(): Node {
    const node = this.expression();
    while (this.take(';'));
    if (this.token.kind !== 'end') throw this.unexpected();
    return node;
  }

  private get token(): Token {
    return this.tokens[this.index] as Token;
  }

  /** Go past `sign` when it comes next. */
  private take(sign: string): boolean {
    if (this.token.kind !== 'sign' || this.token.text !== sign) return false;
    this.index += 1;
    return true;
  }

  private expect(sign: string): void {
    if (!this.take(sign)) throw this.unexpected(`expected '${sign}', found `);
  }

  private unexpected(before = 'unexpected '): ExpressionSyntaxError {
    const { kind, text, position } = this.token;
    const found = kind === 'end' ? 'the end' : `'${text}' at ${position}`;
    return new ExpressionSyntaxError(this.text, before + found);
  }

  private count(): void {
    this.operations += 1;
    if (this.operations > MAX_OPERATIONS) {
      throw new ExpressionSyntaxError(this.text, `more than ${MAX_OPERATIONS} operations`);
    }
  }

  private deeper<T>(read: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new ExpressionSyntaxError(this.text, 'nested too deeply');
    const result = read();
    this.depth -= 1;
    return result;
  }

  private expression(): Node {
    return this.deeper(() => this.conditional());
  }

  private conditional(): Node {
    const test = this.binary(0);
    if (!this.take('?')) return test;
    const yes = this.expression();
    this.expect(':');
    return { kind: 'conditional', test, yes, no: this.expression() };
  }

  private binary(weakest: number): Node {
    let left = this.unary();
    for (;;) {
      const { kind, text } = this.token;
      const binding = kind === 'sign' || kind === 'name' ? (BINDING.get(text) ?? 0) : 0;
      if (binding <= weakest) return left;
      this.count();
      this.index += 1;
      const right = this.binary(binding);
      this.checkMixture(text, left, right);
      left = { kind: 'binary', operator: text as BinaryOperator, left, right };
    }
  }

  /** `a || b ?? c` has no meaning in the language without parentheses. */
  private checkMixture(operator: string, ...sides: Node[]): void {
    const mixed = UNMIXED.get(operator) ?? [];
    for (const side of sides) {
      if (side.kind === 'binary' && mixed.includes(side.operator) && !this.parenthesised.has(side)) {
        throw new ExpressionSyntaxError(this.text, '?? mixed with && or || needs parentheses');
      }
    }
  }

  private unary(): Node {
    const { kind, text } = this.token;
    const isOperator = kind === 'sign' ? ['!', '-', '+', '~'].includes(text) : kind === 'name' && text === 'typeof';
    if (!isOperator) return this.postfix();
    this.index += 1;
    return { kind: 'unary', operator: text as UnaryOperator, operand: this.deeper(() => this.unary()) };
  }

  private postfix(): Node {
    let node = this.primary();
    let chained = false;
    for (;;) {
      if (this.take('.')) node = this.member(node, this.fieldName(), false);
      else if (this.take('[')) node = this.member(node, this.until(']'), false);
      else if (this.take('(')) node = this.call(node, false);
      else if (this.take('?.')) {
        chained = true;
        node = this.optional(node);
      } else return chained ? { kind: 'chain', inner: node } : node;
      this.count();
    }
  }

  private optional(node: Node): Node {
    if (this.take('[')) return this.member(node, this.until(']'), true);
    return this.take('(') ? this.call(node, true) : this.member(node, this.fieldName(), true);
  }

  private member(target: Node, key: Node, optional: boolean): Node {
    return { kind: 'member', target, key, optional };
  }

  private call(callee: Node, optional: boolean): Node {
    return { kind: 'call', callee, arguments: this.list(')'), optional };
  }

  private fieldName(): Node {
    const { kind, text } = this.token;
    if (kind !== 'name') throw this.unexpected('expected a field, found ');
    this.index += 1;
    return { kind: 'literal', value: text };
  }

  private until(closing: string): Node {
    const node = this.expression();
    this.expect(closing);
    return node;
  }

  private list(closing: string): Node[] {
    const items: Node[] = [];
    while (!this.take(closing)) {
      if (items.length > 0) {
        this.expect(',');
        if (this.take(closing)) break;
      }
      items.push(this.expression());
    }
    return items;
  }

  private primary(): Node {
    const { kind, value } = this.token;
    if (kind === 'number' || kind === 'string') {
      this.index += 1;
      return { kind: 'literal', value };
    }
    if (kind === 'name') return this.name();
    if (this.take('(')) {
      const node = this.until(')');
      this.parenthesised.add(node);
      return node;
    }
    if (this.take('[')) return { kind: 'array', items: this.list(']') };
    if (this.take('{')) return this.object();
    throw this.unexpected();
  }

  private name(): Node {
    const { text } = this.token;
    if (REFUSED.has(text)) throw new ExpressionSyntaxError(this.text, `'${text}' is not supported`);
    this.index += 1;
    return CONSTANTS.has(text) ? { kind: 'literal', value: CONSTANTS.get(text) } : { kind: 'name', name: text };
  }

  private object(): Node {
    const entries: [string, Node][] = [];
    while (!this.take('}')) {
      if (entries.length > 0) {
        this.expect(',');
        if (this.take('}')) break;
      }
      const { kind, text, value } = this.token;
      if (kind !== 'name' && kind !== 'string') throw this.unexpected('expected a key, found ');
      this.index += 1;
      this.expect(':');
      entries.push([kind === 'name' ? text : String(value), this.expression()]);
    }
    return { kind: 'object', entries };
  }
}
