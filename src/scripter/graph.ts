import { compareText } from '../model/look-up.ts';

/** A node of the creation order. */
export interface GraphNode {
  readonly key: string;
  /** Among nodes that are ready at the same time lower ranks come first, then keys in code-unit order. */
  readonly rank: number;
  /** Must exist before this node is made. */
  readonly hard: readonly string[];
  /** Better made before (the server resolves the name late), given up where it would close a cycle. */
  readonly soft: readonly string[];
  /** Can be made as a stub first and altered to its text later. */
  readonly stubbable: boolean;
}

export interface OrderStep {
  readonly key: string;
  /** `create` = whole; `stub` = to break a cycle; `complete` = the text of an earlier stub; `forced` = nothing could break its cycle. */
  readonly step: 'create' | 'stub' | 'complete' | 'forced';
}

/**
 * Order of creation, deterministic. Cycles are broken: first by giving up soft edges, then by stubs;
 * a cycle that neither can break comes out as `forced`, for the caller to report.
 */
export function creationOrder(nodes: readonly GraphNode[]): OrderStep[] {
  const byKey = new Map(nodes.map(n => [n.key, n]));
  const order: OrderStep[] = [];
  const available = new Set<string>(); // made, whole or as a stub
  const stubs = new Set<string>();
  const waiting = new Map<string, { hard: Set<string>; soft: Set<string> }>();
  const dependents = new Map<string, string[]>();
  for (const node of nodes) {
    const known = (keys: readonly string[]) => new Set(keys.filter(k => k !== node.key && byKey.has(k)));
    const hard = known(node.hard);
    const soft = known(node.soft);
    waiting.set(node.key, { hard, soft });
    for (const key of new Set([...hard, ...soft])) {
      const list = dependents.get(key);
      if (list) list.push(node.key);
      else dependents.set(key, [node.key]);
    }
  }
  const sorted = (keys: Iterable<string>) =>
    [...keys].sort((a, b) => byKey.get(a)!.rank - byKey.get(b)!.rank || compareText(a, b));
  let ready = sorted([...waiting].filter(([, w]) => w.hard.size === 0 && w.soft.size === 0).map(([key]) => key));

  /** Marks `key` as existing and gives back the nodes that waited for nothing else. */
  const release = (key: string): string[] => {
    available.add(key);
    const freed: string[] = [];
    for (const dependent of dependents.get(key) ?? []) {
      const w = waiting.get(dependent);
      if (!w) continue;
      w.hard.delete(key);
      w.soft.delete(key);
      if (w.hard.size === 0 && w.soft.size === 0) freed.push(dependent);
    }
    return freed;
  };

  while (waiting.size > 0) {
    const next: string[] = [];
    for (const key of ready) {
      if (!waiting.delete(key)) continue;
      order.push({ key, step: stubs.has(key) ? 'complete' : 'create' });
      if (!available.has(key)) next.push(...release(key));
    }
    ready = sorted(new Set(next));
    if (ready.length > 0 || waiting.size === 0) continue;
    const stuck = sorted(waiting.keys());
    const relaxed = stuck.filter(key => waiting.get(key)!.hard.size === 0);
    if (relaxed.length > 0) {
      ready = [relaxed[0]!];
      continue;
    }
    const stub = stuck.find(key => byKey.get(key)!.stubbable && !available.has(key) && inCycle(key, waiting));
    if (stub !== undefined) {
      order.push({ key: stub, step: 'stub' });
      stubs.add(stub);
      ready = sorted(new Set(release(stub)));
      continue;
    }
    const forced = stuck.find(key => inCycle(key, waiting)) ?? stuck[0]!;
    waiting.delete(forced);
    order.push({ key: forced, step: 'forced' });
    ready = sorted(new Set(release(forced)));
  }
  return order;
}

/** Whether hard edges lead from `start` back to it. */
function inCycle(start: string, waiting: ReadonlyMap<string, { hard: ReadonlySet<string> }>): boolean {
  const seen = new Set<string>();
  const stack = [...(waiting.get(start)?.hard ?? [])];
  while (stack.length > 0) {
    const key = stack.pop()!;
    if (key === start) return true;
    if (seen.has(key)) continue;
    seen.add(key);
    stack.push(...(waiting.get(key)?.hard ?? []));
  }
  return false;
}
