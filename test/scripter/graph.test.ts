import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creationOrder, type GraphNode } from '../../src/scripter/graph.ts';

const node = (key: string, hard: string[] = [], more: Partial<GraphNode> = {}): GraphNode => ({
  key,
  rank: 0,
  hard,
  soft: [],
  stubbable: false,
  ...more,
});
const order = (nodes: GraphNode[]) =>
  creationOrder(nodes).map(s => (s.step === 'create' ? s.key : `${s.step} ${s.key}`));

describe('creationOrder', () => {
  it('puts what is needed first, then by rank and name', () => {
    expect(order([node('v', ['t']), node('b'), node('t'), node('a', [], { rank: 1 })])).toEqual(['b', 't', 'a', 'v']);
  });

  it('ignores references to itself and to what is not there', () => {
    expect(order([node('t', ['t', 'elsewhere'])])).toEqual(['t']);
  });

  it('gives up soft edges to break a cycle', () => {
    expect(order([node('f', [], { soft: ['v'] }), node('v', ['f'])])).toEqual(['f', 'v']);
  });

  it('breaks a hard cycle by a stub that is completed afterwards', () => {
    const nodes = [node('v1', ['v2'], { stubbable: true }), node('v2', ['v1'], { stubbable: true }), node('w', ['v1'])];
    expect(order(nodes)).toEqual(['stub v1', 'v2', 'w', 'complete v1']);
  });

  it('says which node no stub could help', () => {
    expect(order([node('a', ['b']), node('b', ['a']), node('c', ['a'])])).toEqual(['forced a', 'b', 'c']);
  });

  it('creates every node once, after its hard references or their stubs, for any graph', () => {
    const graphs = fc.integer({ min: 1, max: 12 }).chain(n =>
      fc.array(
        fc.record({
          hard: fc.array(fc.integer({ min: 0, max: n - 1 }), { maxLength: 3 }),
          soft: fc.array(fc.integer({ min: 0, max: n - 1 }), { maxLength: 3 }),
          stubbable: fc.boolean(),
        }),
        { minLength: n, maxLength: n },
      ),
    );
    fc.assert(
      fc.property(graphs, specs => {
        const nodes = specs.map((s, i) =>
          node(
            `n${i}`,
            s.hard.map(h => `n${h}`),
            { soft: s.soft.map(h => `n${h}`), stubbable: s.stubbable },
          ),
        );
        const steps = creationOrder(nodes);
        const made = new Set<string>();
        for (const { key, step } of steps) {
          const { hard } = nodes.find(n => n.key === key)!;
          if (step === 'create' || step === 'complete') {
            for (const needed of hard) if (needed !== key) expect(made).toContain(needed);
          }
          made.add(key);
        }
        expect(
          steps
            .filter(s => s.step !== 'stub')
            .map(s => s.key)
            .sort(),
        ).toEqual(nodes.map(n => n.key).sort());
        const stubs = steps.filter(s => s.step === 'stub').map(s => s.key);
        expect(
          steps
            .filter(s => s.step === 'complete')
            .map(s => s.key)
            .sort(),
        ).toEqual(stubs.sort());
        expect(creationOrder([...nodes].reverse())).toEqual(steps);
      }),
      { numRuns: 300 },
    );
  });
});
