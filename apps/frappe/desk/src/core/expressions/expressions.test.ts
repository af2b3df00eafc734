import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { check, EvaluationError, evaluate, ExpressionSyntaxError, isMet, type FormScope } from '.';

interface Row {
  expression: string;
  doc?: object;
  parent?: object;
  boot?: object;
  result?: unknown;
  error?: 'syntax' | 'evaluation';
}

const here = dirname(fileURLToPath(import.meta.url));
const tablePath = resolve(here, '../../../../../../tests/expressions/table.json');
const table = JSON.parse(readFileSync(tablePath, 'utf-8')) as Row[];

function scopeOf(row: Row): FormScope {
  const frappe = {
    boot: row.boot ?? {},
    session: { user: 'anna@example.com' },
    user_roles: ['Sales User'],
    user: { has_role: (role: unknown) => role === 'Sales User' },
    datetime: { now_date: () => '2024-02-29' },
  };
  return { doc: row.doc ?? {}, parent: row.parent, names: { frappe } };
}

describe('the table that server and desk share', () => {
  it('has enough rows', () => {
    expect(table.length).toBeGreaterThan(150);
  });

  it.each(table.map((row) => [row.expression, row] as const))('%s', (expression, row) => {
    if (row.error) {
      const kind = row.error === 'syntax' ? ExpressionSyntaxError : EvaluationError;
      expect(() => evaluate(expression, scopeOf(row))).toThrow(kind);
    } else {
      expect(evaluate(expression, scopeOf(row)) ?? null).toEqual(row.result);
    }
  });
});

describe('showing', () => {
  afterEach(() => vi.restoreAllMocks());

  it('takes no condition as met', () => {
    expect([null, undefined, ''].map((condition) => isMet(condition, {}))).toEqual([true, true, true]);
  });

  it('takes booleans and functions for their answer', () => {
    expect(isMet(false, {})).toBe(false);
    expect(isMet((doc) => doc && 'a' in doc, { doc: { a: 1 } })).toBe(true);
  });

  it('does not show what fails, and says so once', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    expect(isMet('eval:doc.once.only', { doc: {} })).toBe(false);
    expect(isMet('eval:doc.once.only', { doc: {} })).toBe(false);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toContain('doc.once.only');
  });

  it('runs the handlers of form scripts', () => {
    expect(isMet('fn:is_shown', { runHandler: (name) => name === 'is_shown' })).toBe(true);
  });
});

describe('safety', () => {
  it('lends methods of classes, but no constructor', () => {
    class User {
      constructor(private readonly roles: string[]) {}
      has_role(role: string): boolean {
        return this.roles.includes(role);
      }
    }
    const names = { user: new User(['Buyer']) };
    expect(evaluate("eval:user.has_role('Buyer')", { names })).toBe(true);
    expect(evaluate('eval:user.constructor', { names })).toBeUndefined();
  });

  it('names the expression that fails', () => {
    expect(() => evaluate('eval:doc.a.b', { doc: {} })).toThrow('there is no b of undefined in: eval:doc.a.b');
  });

  it('refuses what is too long or nested too deeply', () => {
    expect(() => check(`eval:${'('.repeat(100)}1${')'.repeat(100)}`)).toThrow(ExpressionSyntaxError);
    expect(() => check(`eval:${'!'.repeat(100)}1`)).toThrow(ExpressionSyntaxError);
    expect(() => check(`eval:1${'+1'.repeat(300)}`)).toThrow('more than 250 operations');
    expect(() => check(`eval:'${'x'.repeat(20_000)}'`)).toThrow('longer than 20000 characters');
  });

  it('takes expressions as long as people write them', () => {
    expect(evaluate(`eval:0${'+1'.repeat(250)}`, {})).toBe(250);
  });
});
