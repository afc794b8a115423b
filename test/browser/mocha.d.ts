/** The part of Mocha that the browser tests use; the test runner puts it in place. */
declare function describe(title: string, suite: () => void): void;
declare function it(title: string, test: () => void | Promise<void>): void;
declare function before(step: () => void | Promise<void>): void;
declare function after(step: () => void | Promise<void>): void;
declare function beforeEach(step: () => void | Promise<void>): void;
declare function afterEach(step: () => void | Promise<void>): void;
