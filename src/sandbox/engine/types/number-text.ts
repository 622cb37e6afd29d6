/** Floats as the server writes them. */

/** Exponent of three digits: `1e+006`. */
function exponentForm(value: number, digits: number): string {
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e') as [string, string];
  const n = Number(exponent);
  return `${mantissa}e${n < 0 ? '-' : '+'}${String(Math.abs(n)).padStart(3, '0')}`;
}

/** Style 0: at most six digits, like %g; 1: 8 digits, 2: 16 digits, 3: 17 digits, always scientific. Unknown styles act as 0. */
export function formatFloat(value: number, style: number): string {
  const plain = value === 0 ? 0 : value;
  if (style === 1) return exponentForm(plain, 8);
  if (style === 2) return exponentForm(plain, 16);
  if (style === 3) return exponentForm(plain, 17);
  return shortest(plain, 6);
}

function shortest(value: number, digits: number): string {
  if (value === 0) return '0';
  const text = value.toExponential(digits - 1);
  const exponent = Number(text.split('e')[1]);
  if (exponent < -4 || exponent >= digits) {
    const [mantissa] = text.split('e') as [string];
    const trimmed = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
    return `${trimmed}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(3, '0')}`;
  }
  const fixed = value.toFixed(Math.max(0, digits - 1 - exponent));
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}
