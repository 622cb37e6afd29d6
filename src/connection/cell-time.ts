/** ISO text of the date and time types from their wire numbers (MS-TDS 2.2.5.5.1.8), every digit kept. */

/** `0001-01-01` for day 0; proleptic Gregorian calendar, to 9999-12-31. */
export function dateText(daysSinceYear1: number): string {
  // Counted from 0000-03-01, so that the leap day is the last of its year (Hinnant's civil-from-days).
  const days = daysSinceYear1 + 306;
  const era = Math.floor(days / 146097);
  const dayOfEra = days - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** Days from 0001-01-01 to 1900-01-01, where datetime and smalldatetime begin. */
export const daysTo1900 = 693595;

/** `units` of 10^-scale seconds since midnight: `12:34:56.1234567`, without a fraction for scale 0. */
export function timeText(units: number, scale: number): string {
  const perSecond = 10 ** scale;
  const seconds = Math.floor(units / perSecond);
  const fraction = scale === 0 ? '' : `.${pad(units - seconds * perSecond, scale)}`;
  return `${clock(seconds)}${fraction}`;
}

/** datetime: days since 1900-01-01 and ticks of 1/300 second, shown in milliseconds as the server does. */
export function datetimeText(days: number, ticks: number): string {
  const milliseconds = Math.round((ticks * 10) / 3);
  return `${dateText(days + daysTo1900)}T${timeText(milliseconds, 3)}`;
}

/** smalldatetime: days since 1900-01-01 and minutes. */
export function smalldatetimeText(days: number, minutes: number): string {
  return `${dateText(days + daysTo1900)}T${clock(minutes * 60)}`;
}

/** datetimeoffset: the wire holds UTC and the offset in minutes; the text shows local time and offset. */
export function datetimeOffsetText(daysUtc: number, unitsUtc: number, offsetMinutes: number, scale: number): string {
  const perDay = 86400 * 10 ** scale;
  let units = unitsUtc + offsetMinutes * 60 * 10 ** scale;
  let days = daysUtc;
  if (units < 0) {
    units += perDay;
    days--;
  } else if (units >= perDay) {
    units -= perDay;
    days++;
  }
  const minutes = Math.abs(offsetMinutes);
  const zone = `${offsetMinutes < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}:${pad(minutes % 60, 2)}`;
  return `${dateText(days)}T${timeText(units, scale)}${zone}`;
}

function clock(seconds: number): string {
  return `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
