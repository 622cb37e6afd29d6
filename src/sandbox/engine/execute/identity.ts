/** The identity column of a table that takes rows. */
import type { Session } from '../session/session.ts';
import type { TableWriter } from '../storage/table-writer.ts';
import { converter } from '../types/convert.ts';
import { decimalType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';

export class IdentityColumn {
  private readonly writer: TableWriter;
  private readonly session: Session;
  private readonly keep: boolean;
  private readonly place: number;
  private readonly toBig: (value: Value) => bigint;
  private readonly descending: boolean;
  private last: bigint | null;
  private changed = false;
  /** Of the last row. */
  private latest: bigint | null = null;

  /** `keep`: values are given (IDENTITY_INSERT, or listed in a bulk load). */
  constructor(writer: TableWriter, session: Session, keep: boolean) {
    this.writer = writer;
    this.session = session;
    this.keep = keep;
    this.place = writer.layout.identity;
    const column = writer.layout.columns[this.place];
    const convert = column ? converter(column.type, decimalType(38, 0)) : null;
    this.toBig = value => convert!(value, session.settings) as bigint;
    this.descending = (column?.definition.identity?.increment ?? 1n) < 0n;
    this.last = column ? session.catalog.identityState(writer.table).lastValue : null;
  }

  fill(values: Value[], given: Uint8Array): void {
    const { place } = this;
    if (place < 0) return;
    if (this.keep && given[place]) {
      this.take(values[place]!);
      return;
    }
    this.last = this.writer.nextIdentity(this.last);
    this.latest = this.last;
    this.changed = true;
    values[place] = this.writer.identityValue(this.last);
  }

  /** A value that the client gave: the next ones go on from the greatest. */
  take(value: Value): void {
    if (value === null) return;
    const n = this.toBig(value);
    this.latest = n;
    if (this.last === null || (this.descending ? n < this.last : n > this.last)) {
      this.last = n;
      this.changed = true;
    }
  }

  /** Values given out stay given out, whatever becomes of the statement. */
  remember(): void {
    if (this.changed) this.session.catalog.setIdentityState(this.writer.table, this.last);
  }

  /** @@IDENTITY and SCOPE_IDENTITY() of a statement that succeeded. */
  tell(): void {
    this.session.identity = this.latest;
    this.session.scopeIdentity = this.latest;
  }
}
