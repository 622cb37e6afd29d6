import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOutputFile, withSha256 } from '../../src/archive/output-file.ts';
import { ExitCode } from '../../src/model/error.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpdb-output-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('an output file', () => {
  it('has its name only when it is finished', async () => {
    const path = join(folder, 'out.sql');
    const output = await openOutputFile(path, { overwrite: false });
    await output.write(Buffer.from('a'));
    await output.write(Buffer.from('bc'));
    expect(readdirSync(folder)).toEqual(['out.sql.partial']);
    expect(output.bytesWritten).toBe(3);
    await output.finish();
    expect(readdirSync(folder)).toEqual(['out.sql']);
    expect(readFileSync(path, 'utf8')).toBe('abc');
  });

  it('stays partial when it is given up, and leaves nothing when nothing was written', async () => {
    const begun = await openOutputFile(join(folder, 'begun.sql'), { overwrite: false });
    await begun.write(Buffer.from('a'));
    await begun.abandon();
    const empty = await openOutputFile(join(folder, 'empty.sql'), { overwrite: false });
    await empty.abandon();
    expect(readdirSync(folder)).toEqual(['begun.sql.partial']);
  });

  it('is not written over what exists, unless that is asked for', async () => {
    const path = join(folder, 'out.sql');
    writeFileSync(path, 'mine');
    await expect(openOutputFile(path, { overwrite: false })).rejects.toThrow(/exists/);
    expect(readFileSync(path, 'utf8')).toBe('mine');
    const output = await openOutputFile(path, { overwrite: true });
    await output.write(Buffer.from('new'));
    expect(readFileSync(path, 'utf8')).toBe('mine');
    await output.finish();
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  it('says why it cannot be written', async () => {
    await expect(openOutputFile(join(folder, 'no', 'out.sql'), { overwrite: false })).rejects.toThrow(
      /the folder does not exist/,
    );
    await expect(openOutputFile(folder, { overwrite: true })).rejects.toThrow(/it is a folder/);
  });

  it.runIf(existsSync('/dev/full'))('ends with exit code 4 when the disk is full', async () => {
    const output = await openOutputFile('/dev/full', { overwrite: false });
    await expect(output.write(Buffer.from('a'))).rejects.toMatchObject({
      message: "can't write /dev/full: the disk is full",
      exitCode: ExitCode.interrupted,
    });
    await output.abandon();
    expect(existsSync('/dev/full')).toBe(true);
  });

  it('has the SHA-256 of its bytes', async () => {
    const { output, digest } = withSha256(await openOutputFile(join(folder, 'a'), { overwrite: false }));
    await output.write(Buffer.from('abc'));
    expect(output.bytesWritten).toBe(3);
    await output.finish();
    // FIPS 180-2, appendix B.1
    expect(digest()).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
