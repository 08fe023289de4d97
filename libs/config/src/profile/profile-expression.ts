import { CardeaError } from '#kernel';

/**
 * A condition on profiles as Spring's `Profiles.of` reads it: names, `!`, `&`, `|` and parentheses.
 * `&` and `|` side by side without parentheses are an error there, and so here.
 */
export class ProfileExpression {
  readonly text: string;
  readonly #test: Test;

  private constructor(text: string, test: Test) {
    this.text = text;
    this.#test = test;
  }

  /** Throws a CardeaError `invalid-profile-expression`. */
  static parse(text: string): ProfileExpression {
    const tokens = text.match(/[()&|!]|[^()&|!\s]+(?:\s+[^()&|!\s]+)*/g) ?? [];
    const parser = new Parser(text, tokens);
    return new ProfileExpression(text, parser.whole());
  }

  matches(profiles: ReadonlySet<string>): boolean {
    return this.#test(profiles);
  }
}

type Test = (profiles: ReadonlySet<string>) => boolean;

class Parser {
  readonly #text: string;
  readonly #tokens: readonly string[];
  #position = 0;

  constructor(text: string, tokens: readonly string[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  whole(): Test {
    const test = this.#operands();
    if (this.#position < this.#tokens.length) throw this.#malformed();
    return test;
  }

  #operands(): Test {
    const tests = [this.#operand()];
    let operator: string | undefined;
    for (;;) {
      const token = this.#tokens[this.#position];
      if (token !== '&' && token !== '|') break;
      if (operator !== undefined && operator !== token) throw this.#malformed();
      operator = token;
      this.#position++;
      tests.push(this.#operand());
    }
    if (operator === undefined) return tests[0] ?? (() => false);
    return operator === '&'
      ? (profiles) => tests.every((test) => test(profiles))
      : (profiles) => tests.some((test) => test(profiles));
  }

  #operand(): Test {
    const token = this.#tokens[this.#position++];
    if (token === '!') {
      const negated = this.#operand();
      return (profiles) => !negated(profiles);
    }
    if (token === '(') {
      const inner = this.#operands();
      if (this.#tokens[this.#position++] !== ')') throw this.#malformed();
      return inner;
    }
    if (token === undefined || token === ')' || token === '&' || token === '|') throw this.#malformed();
    return (profiles) => profiles.has(token);
  }

  #malformed(): CardeaError {
    return new CardeaError('invalid-profile-expression', `malformed profile expression "${this.#text}"`, {
      source: 'downstream',
      remedy: 'combine names with !, & and |, and put parentheses where & and | meet',
    });
  }
}
