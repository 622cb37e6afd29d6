const blank = /\s/;

/**
 * Offset of the first character that is neither blank nor in a comment. By hand and not by a pattern: a line of hyphens
 * matches the pattern of repeated comments in exponentially many ways.
 */
export function afterTrivia(text: string, from = 0): number {
  let at = from;
  while (at < text.length) {
    if (text.startsWith('--', at)) {
      while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++;
    } else if (text.startsWith('/*', at)) at = commentEnd(text, at);
    else if (blank.test(text[at]!)) at++;
    else break;
  }
  return at;
}

/** Comments nest. */
function commentEnd(text: string, open: number): number {
  let depth = 0;
  let at = open;
  while (at < text.length) {
    if (text.startsWith('/*', at)) depth++;
    else if (text.startsWith('*/', at)) depth--;
    else {
      at++;
      continue;
    }
    at += 2;
    if (depth === 0) break;
  }
  return at;
}
