import { describe, expect, it } from 'vitest';
import { parseServerName, serverText } from '../../src/connection/server-name.ts';
import { XpdbError } from '../../src/model/error.ts';

describe('parseServerName', () => {
  it.each([
    ['db1', { server: 'db1' }],
    [' db1.example.org , 1444 ', { server: 'db1.example.org', port: 1444 }],
    ['db1\\SQL2012', { server: 'db1', instance: 'SQL2012' }],
    ['db1\\SQL2012,1444', { server: 'db1', instance: 'SQL2012', port: 1444 }],
    ['db1\\MSSQLSERVER', { server: 'db1' }],
    ['tcp:db1,1444', { server: 'db1', port: 1444 }],
    ['TCP:.\\SQLEXPRESS', { server: 'localhost', instance: 'SQLEXPRESS' }],
    ['.', { server: 'localhost' }],
    ['(local)', { server: 'localhost' }],
    ['(LOCAL)\\x', { server: 'localhost', instance: 'x' }],
    ['localhost', { server: 'localhost' }],
    ['10.0.0.1,1433', { server: '10.0.0.1', port: 1433 }],
    ['::1', { server: '::1' }],
    ['[::1],1444', { server: '::1', port: 1444 }],
    ['fe80::1,1444', { server: 'fe80::1', port: 1444 }],
    ['tcp:[fe80::1]\\inst', { server: 'fe80::1', instance: 'inst' }],
    ['x.database.windows.net', { server: 'x.database.windows.net' }],
  ])('%s', (text, expected) => {
    expect(parseServerName(text)).toEqual(expected);
  });

  it.each([
    ['np:\\\\db1\\pipe\\sql\\query', 'named pipes'],
    ['\\\\db1\\pipe\\sql\\query', 'named pipes'],
    ['lpc:db1', 'shared memory'],
    ['admin:db1', 'dedicated administrator connection'],
    ['(localdb)\\MSSQLLocalDB', 'LocalDB'],
    ['db1:1433', 'the port follows a comma: db1,1433'],
    ['db1,', 'is no port'],
    ['db1,70000', '70000 is no port'],
    ['db1,0', '0 is no port'],
    ['db1\\', 'the instance is missing'],
    ['', 'no server name'],
    [',1433', 'no server name'],
    ['a b', 'no server name'],
    ['http://db1', 'no server name'],
  ])('refuses %s', (text, message) => {
    const failure = (() => {
      try {
        parseServerName(text);
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toBeInstanceOf(XpdbError);
    expect((failure as XpdbError).message).toContain(message);
    expect((failure as XpdbError).exitCode).toBe(2);
  });

  it('is written as one would type it', () => {
    expect(serverText({ server: 'db1', instance: 'i', port: 2 })).toBe('db1\\i,2');
    expect(serverText({ server: 'db1' })).toBe('db1');
  });
});
