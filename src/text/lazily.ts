/** Packages that take long to load, loaded at first use: most commands need none of them. */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * A package, loaded when it is first asked for.
 * @param name a package that can be loaded by `require`
 */
export function lazily<Package>(name: string): () => Package {
  let loaded: Package | undefined;
  return () => {
    loaded ??= require(name) as Package;
    return loaded;
  };
}
