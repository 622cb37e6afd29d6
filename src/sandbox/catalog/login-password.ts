/** Passwords of logins, kept as SQL Server keeps them: 0x0200, a salt of four bytes, SHA-512 of the text and the salt. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const digest = (algorithm: string, password: string, salt: Buffer): Buffer =>
  createHash(algorithm).update(Buffer.from(password, 'utf16le')).update(salt).digest();

export function hashPassword(password: string): string {
  const salt = randomBytes(4);
  return `0x0200${salt.toString('hex')}${digest('sha512', password, salt).toString('hex')}`;
}

/** Whether the text is a hash of a server's: of 2012 and later (0x0200) or of an earlier one (0x0100, SHA-1). */
export const isPasswordHash = (text: string): boolean => /^0x(0200[0-9a-f]{136}|0100[0-9a-f]{48})$/i.test(text);

export function passwordMatches(password: string, hash: string): boolean {
  if (!isPasswordHash(hash)) return false;
  const bytes = Buffer.from(hash.slice(2), 'hex');
  const algorithm = bytes[0] === 2 ? 'sha512' : 'sha1';
  return timingSafeEqual(digest(algorithm, password, bytes.subarray(2, 6)), bytes.subarray(6));
}
