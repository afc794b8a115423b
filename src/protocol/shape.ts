/**
 * Reads a value from outside as a `T`: takes over what is named, fills in what may be missing, and leaves
 * the rest behind. Throws a `TypeError` for what is not a `T`.
 */
export type Shape<T> = (value: unknown) => T;

export type Shaped<S> = S extends Shape<infer T> ? T : never;

type Members = Record<string, Shape<unknown>>;
type MayMiss<M extends Members> = { [K in keyof M]: undefined extends Shaped<M[K]> ? K : never }[keyof M];
type ShapedMembers<M extends Members> = { [K in Exclude<keyof M, MayMiss<M>>]: Shaped<M[K]> } & {
  [K in MayMiss<M>]?: Shaped<M[K]>;
};

/** What `shape` accepts, as long as it also passes the test. */
export const where =
  <T>(shape: Shape<T>, test: (value: T) => boolean): Shape<T> =>
  (value) => {
    const shaped = shape(value);
    if (test(shaped)) return shaped;
    throw new TypeError(`Not of the agreed form: ${String(value)}`);
  };

export const anything: Shape<unknown> = (value) => value;

const is = <T>(test: (value: unknown) => boolean): Shape<T> => where(anything, test) as Shape<T>;

export const string = is<string>((value) => typeof value === 'string');

export const number = is<number>(Number.isFinite);

export const boolean = is<boolean>((value) => typeof value === 'boolean');

export const oneOf = <const T>(values: readonly T[]): Shape<T> => is<T>((value) => values.includes(value as T));

export const array =
  <T>(shape: Shape<T>): Shape<T[]> =>
  (value) =>
    is<unknown[]>(Array.isArray)(value).map(shape);

export const object =
  <M extends Members>(members: M): Shape<ShapedMembers<M>> =>
  (value) => {
    const given = is<Record<string, unknown>>((each) => typeof each === 'object' && each !== null)(value);
    const shaped = Object.entries(members).map(([name, shape]) => [name, shape(given[name])] as const);
    return Object.fromEntries(shaped.filter(([, member]) => member !== undefined)) as ShapedMembers<M>;
  };

export const optional =
  <T>(shape: Shape<T>): Shape<T | undefined> =>
  (value) =>
    value === undefined ? undefined : shape(value);

/** What is missing is read as if it were `given`. */
export const withDefault =
  <T>(shape: Shape<T>, given: unknown): Shape<T> =>
  (value) =>
    shape(value === undefined ? given : value);

export const nullable =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (value) =>
    value === null ? null : shape(value);
