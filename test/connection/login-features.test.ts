import { afterEach, describe, expect, it } from 'vitest';
import { openSession } from '../../src/connection/connect.ts';
import { type ConnectionOptions, defaultConnectionOptions } from '../../src/connection/connection-options.ts';
import {
  FeatureAcknowledgements,
  requestFeatures,
  vectorFeature,
  vectorVersion,
} from '../../src/connection/login-features.ts';
import type { Session } from '../../src/connection/session.ts';
import { describeError, type XpdbError } from '../../src/model/error.ts';
import { columnMetadata, done, hex, loginAck, row } from './tds-bytes.ts';
import { loginAnswer, tinyServer } from './tiny-server.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

const wanted = new Map([[vectorFeature, vectorVersion]]);

/** MS-TDS 4.20: a LOGIN7 message with the features SESSIONRECOVERY, COLUMNENCRYPTION, GLOBALTRANSACTIONS and AZURESQLSUPPORT at its end. */
const microsoftsLogin = hex(`
  BF 01 00 00 04 00 00 74 40 1F 00 00 00 00 00 06 96 1D 00 00 00 00 00 00 E0 03 20 10 00 00 00 00
  00 00 00 00 5E 00 0C 00 76 00 07 00 84 00 08 00 94 00 1C 00 CC 00 4A 00 60 01 04 00 64 01 1C 00
  9C 01 00 00 9C 01 06 00 C2 CC 3D 20 B7 AB AB 01 00 00 AB 01 00 00 AB 01 00 00 00 00 00 00 5A 00
  4C 00 49 00 4E 00 36 00 43 00 4C 00 49 00 45 00 4E 00 54 00 32 00 63 00 6C 00 6F 00 75 00 64 00
  73 00 61 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 2E 00 4E 00 65 00 74 00 20 00 53 00
  71 00 6C 00 43 00 6C 00 69 00 65 00 6E 00 74 00 20 00 44 00 61 00 74 00 61 00 20 00 50 00 72 00
  6F 00 76 00 69 00 64 00 65 00 72 00 65 00 32 00 66 00 38 00 38 00 37 00 36 00 61 00 64 00 36 00
  35 00 38 00 2E 00 6C 00 6F 00 63 00 61 00 6C 00 2E 00 6F 00 6E 00 65 00 62 00 6F 00 78 00 2E 00
  63 00 6F 00 6E 00 74 00 72 00 6F 00 6C 00 2E 00 7A 00 6C 00 69 00 6E 00 68 00 65 00 6B 00 61 00
  36 00 64 00 65 00 76 00 34 00 2E 00 6F 00 6E 00 65 00 62 00 6F 00 78 00 2E 00 78 00 64 00 62 00
  2E 00 6D 00 73 00 63 00 64 00 73 00 2E 00 63 00 6F 00 6D 00 2C 00 33 00 37 00 30 00 30 00 38 00
  A8 01 00 00 2E 00 4E 00 65 00 74 00 20 00 53 00 71 00 6C 00 43 00 6C 00 69 00 65 00 6E 00 74 00
  20 00 44 00 61 00 74 00 61 00 20 00 50 00 72 00 6F 00 76 00 69 00 64 00 65 00 72 00 74 00 65 00
  73 00 74 00 64 00 62 00 01 00 00 00 00 04 01 00 00 00 01 05 00 00 00 00 08 01 00 00 00 01 FF`);

describe('asking for features in LOGIN7', () => {
  it('adds the feature before the terminator and counts its bytes in the length', () => {
    const login = microsoftsLogin;
    const longer = requestFeatures(login, wanted);
    expect(longer.length).toBe(login.length + 6);
    expect(longer.readUInt32LE(0)).toBe(longer.length);
    expect(longer.subarray(4, -7)).toEqual(login.subarray(4, -1));
    expect(longer.subarray(-7)).toEqual(hex('0E 01 00 00 00 01 FF'));
  });

  it('leaves a message without features, as below TDS 7.4, as it is', () => {
    const login = Buffer.from(microsoftsLogin);
    login[27] = 0;
    expect(requestFeatures(login, wanted)).toBe(login);
    const empty = Buffer.from(microsoftsLogin);
    empty.writeUInt16LE(0, 58);
    expect(requestFeatures(empty, wanted)).toBe(empty);
    expect(requestFeatures(microsoftsLogin, new Map())).toBe(microsoftsLogin);
  });

  it('refuses a message whose features do not end it', () => {
    const login = Buffer.concat([microsoftsLogin, Buffer.of(0)]);
    expect(() => requestFeatures(login, wanted)).toThrow('has its features in another place');
  });
});

/** FEATUREEXTACK: UTF8_SUPPORT, and VECTORSUPPORT of a version. */
const acknowledgement = (version: number): Buffer =>
  hex(`AE 0A 01000000 01 0E 01000000 ${version.toString(16).padStart(2, '0')} FF`);

describe('the acknowledgement', () => {
  async function watched(bytes: Buffer, pieces: number): Promise<number> {
    const found = new FeatureAcknowledgements(wanted);
    async function* message() {
      for (let at = 0; at < bytes.length; at += pieces) yield bytes.subarray(at, at + pieces);
    }
    const passed: Buffer[] = [];
    for await (const chunk of found.watch(message())) passed.push(chunk);
    expect(Buffer.concat(passed)).toEqual(bytes);
    return found.version(vectorFeature);
  }

  it('is found wherever the message is cut', async () => {
    const answer = loginAnswer(acknowledgement(1));
    for (let pieces = 1; pieces <= answer.length; pieces++) expect(await watched(answer, pieces)).toBe(1);
  });

  it('holds for the log-in that it answers alone', async () => {
    const found = new FeatureAcknowledgements(wanted);
    async function* message() {
      yield loginAnswer(acknowledgement(1));
    }
    for await (const _ of found.watch(message())) expect(found.version(vectorFeature)).toBe(1);
    found.reset();
    expect([found.any, found.version(vectorFeature)]).toEqual([false, 0]);
  });

  it('is none in an answer without it', async () => {
    expect(await watched(loginAnswer(), 7)).toBe(0);
    expect(await watched(loginAnswer(hex('AE 0A 01000000 01 FF')), 7)).toBe(0);
  });
});

describe('a session', () => {
  const base: ConnectionOptions = {
    ...defaultConnectionOptions,
    server: '127.0.0.1',
    encrypt: 'optional',
    auth: { kind: 'sql', user: 'sa', password: 'geheim' },
  };
  const vectorType = hex('F5 1000 00');
  const vector = hex('1000 A901 0200 00 000000 0000C03F 000000C0');

  async function session(login: Buffer, options: Partial<ConnectionOptions> = {}): Promise<[Session, Buffer]> {
    const result = Buffer.concat([columnMetadata([['v', vectorType]]), row(vector), row(hex('FFFF')), done(16, 2)]);
    const server = await tinyServer(x => x.send(result), { login: () => login });
    open.push(server);
    const found = await openSession({ ...base, port: server.port, ...options });
    open.push(found);
    return [found, server.logins[0]!];
  }

  it('asks for vectors in their binary form and reads them', async () => {
    const [found, login] = await session(loginAnswer(acknowledgement(1)));
    expect(login.subarray(-7)).toEqual(hex('0E 01000000 01 FF'));
    expect(login.readUInt32LE(0)).toBe(login.length);
    expect(found.nativeVectors).toBe(true);
    const { columns, rows } = await found.query('SELECT v FROM t');
    expect(columns[0]).toMatchObject({ type: 0xf5, maxLength: 16, scale: 0 });
    expect(rows).toEqual([[new Uint8Array(vector.subarray(2))], [null]]);
  });

  it('has them as text where the server acknowledges nothing, or UTF-8 only', async () => {
    expect((await session(loginAnswer()))[0].nativeVectors).toBe(false);
    expect((await session(loginAnswer(hex('AE 0A 01000000 01 FF'))))[0].nativeVectors).toBe(false);
  });

  it('logs in where the server acknowledges vectors alone', async () => {
    expect((await session(loginAnswer(hex('AE 0E 01000000 01 FF'))))[0].nativeVectors).toBe(true);
  });

  it('does not ask where vectors are to be text', async () => {
    const [found, login] = await session(loginAnswer(), { vectorsAsText: true });
    expect(login.subarray(-7)).toEqual(hex('0A 01000000 01 FF'));
    expect(found.nativeVectors).toBe(false);
  });

  it('refuses a version that was not asked for', async () => {
    const answer = Buffer.concat([acknowledgement(2), loginAck(), done()]);
    const failure = await session(answer).then(
      () => 'logged in',
      (error: XpdbError) => describeError(error),
    );
    expect(failure).toContain('acknowledges version 2 of the log-in feature 0x0E, of which 1 was asked for');
  });
});
