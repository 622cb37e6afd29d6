import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/main.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const program = createProgram();
const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
const commands = all(program);

describe('the README', () => {
  it('names only options that a command has', () => {
    const known = new Set(commands.flatMap(c => c.options.flatMap(o => [o.long, o.short])));
    const named = readme
      .split('\n')
      .filter(line => !/^(npm|git|MSSQL_|XPDB_TEST|.*docker compose)/.test(line))
      .flatMap(line => [...line.matchAll(/(?<![\w-])(--[a-z][a-z-]+|-[A-Za-z](?![\w-]))/g)].map(m => m[1]!));
    expect(named.length).toBeGreaterThan(60);
    expect(named.filter(option => !known.has(option))).toEqual(['--help']);
  });

  it('lists every command', () => {
    for (const { name } of program.commands.map(c => ({ name: c.name() }))) expect(readme).toContain(`| \`${name}\` |`);
  });

  it('does not list as missing what is there', () => {
    const missing = readme.slice(readme.indexOf("## What isn't there yet"), readme.indexOf('## As a library'));
    const there = program.commands.map(c => c.name());
    expect([...missing.matchAll(/`(\w+)`/g)].map(m => m[1]!).filter(name => there.includes(name))).toEqual([]);
  });
});
