import type * as v from 'valibot';
import type { Random } from '../../simulation/random.js';
import { hostileValue } from './hostile-values.js';

/** The little of a valibot schema that says which values it takes. */
interface Described {
  type: string;
  pipe?: readonly { type: string; requirement?: unknown }[];
  entries?: Record<string, Described>;
  item?: Described;
  wrapped?: Described;
  literal?: unknown;
  options?: readonly Described[];
}

/** Values for fields by their name: where what the schema says is too little to get anywhere. */
export type Hints = Readonly<Record<string, ((random: Random) => unknown) | undefined>>;

interface Wish {
  random: Random;
  hints: Hints;
  /** The share of fields that are anything but what they should be, 0–1. */
  broken: number;
}

const MOMENTS = ['2026-11-22T10:00:00.000Z', '2026-11-22T09:59:30Z', '2026-11-22T11:00:00+01:00'];

/** A value a schema takes, or would take but for the broken fields in it. New fields are thereby covered by themselves. */
export function valueOf(schema: v.GenericSchema, wish: Wish): unknown {
  return make(schema as unknown as Described, '', wish);
}

function make(schema: Described, name: string, wish: Wish): unknown {
  const { random, hints, broken } = wish;
  if (name && random.chance(broken)) return random.chance(0.5) ? border(schema, random) : hostileValue(random);
  const hint = hints[name];
  if (hint) return hint(random);
  switch (schema.type) {
    case 'optional':
      return random.chance(0.5) ? undefined : make(schema.wrapped!, name, wish);
    case 'object':
    case 'loose_object':
      return makeObject(schema.entries ?? {}, wish);
    case 'variant':
      return make(random.pick(schema.options!), name, wish);
    case 'array':
      return Array.from({ length: random.whole(0, 3) }, () => make(schema.item!, '', wish));
    case 'literal':
      return schema.literal;
    case 'boolean':
      return random.chance(0.5);
    case 'number':
      return makeNumber(schema, random);
    case 'string':
      return makeString(schema, random);
    default:
      throw new Error(`Nothing is known about how to make a ${schema.type}: teach this file.`);
  }
}

function makeObject(entries: Record<string, Described>, wish: Wish): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(entries)) {
    const value = make(schema, name, wish);
    if (value !== undefined && !wish.random.chance(wish.broken / 2)) made[name] = value;
  }
  // What is not agreed is ignored, names included that mean something to the language.
  if (wish.random.chance(wish.broken))
    Object.defineProperty(made, wish.random.pick(['__proto__', 'constructor', 'toJSON', 'more', '']), {
      value: hostileValue(wish.random),
      enumerable: true,
    });
  return made;
}

const limitOf = ({ pipe = [] }: Described, type: string, fallback: number): number =>
  Number(pipe.find((action) => action.type === type)?.requirement ?? fallback);
const demands = ({ pipe = [] }: Described, type: string): boolean => pipe.some((action) => action.type === type);

function makeNumber(schema: Described, random: Random): number {
  const least = limitOf(schema, 'min_value', 0);
  const most = limitOf(schema, 'max_value', least + 1000);
  const whole = demands(schema, 'safe_integer') || demands(schema, 'integer');
  return whole ? random.whole(least, most) : least + random.next() * (most - least);
}

function makeString(schema: Described, random: Random): string {
  if (demands(schema, 'iso_timestamp')) return random.pick(MOMENTS);
  if (demands(schema, 'regex')) return random.uuid();
  const least = demands(schema, 'non_empty') ? 1 : 0;
  return 'word '.repeat(20).slice(0, random.whole(least, Math.min(100, limitOf(schema, 'max_length', 100))));
}

/** Just inside and just outside of what the schema takes. */
function border(schema: Described, random: Random): unknown {
  const inner = schema.wrapped ?? schema;
  if (inner.type === 'string') {
    const longest = limitOf(inner, 'max_length', 100);
    return 'x'.repeat(random.pick([0, 1, longest, longest + 1]));
  }
  if (inner.type === 'array') {
    const longest = limitOf(inner, 'max_length', 20);
    return Array.from({ length: random.pick([0, longest, longest + 1]) }, () => ({ n: random.whole(1, 9) }));
  }
  const [least, most] = [limitOf(inner, 'min_value', 0), limitOf(inner, 'max_value', Number.MAX_SAFE_INTEGER)];
  return random.pick([least, least - 1, least - 0.5, most, most + 1, most + 0.5]);
}
