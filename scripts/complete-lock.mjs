// Adds to package-lock.json the optional packages of other platforms that npm left out, because the registry in use
// does not hold them; `npm ci` refuses a lock without them. Run after every `npm install` that changes the lock.
import { readFileSync, writeFileSync } from "node:fs";

const PLATFORMS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const PROCESSORS = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const { packages } = lock;
for (const [path, parent] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    if (`${path}/node_modules/${name}` in packages || `node_modules/${name}` in packages) continue;
    packages[`node_modules/${name}`] = platformEntry(name, version, parent);
    console.log(`added ${name} ${version}`);
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);

/** A lock entry of a package that is skipped on any platform but its own, which its name tells. */
function platformEntry(name, version, parent) {
  if (!/^\d/.test(version)) throw new Error(`${name} is asked for as ${version}: an exact version is needed`);
  const parts = name.split(/[-_/]/);
  const os = PLATFORMS.find((platform) => parts.includes(platform));
  const cpu = PROCESSORS.find((processor) => parts.includes(processor));
  if (os === undefined && cpu === undefined) throw new Error(`${name} names no platform`);
  const libc = parts.some((part) => part.startsWith("musl"))
    ? "musl"
    : parts.some((part) => part.startsWith("gnu"))
      ? "glibc"
      : undefined;
  return {
    version,
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(parent.dev ? { dev: true } : {}),
    ...(libc === undefined ? {} : { libc: [libc] }),
    optional: true,
    ...(os === undefined ? {} : { os: [os] }),
  };
}
