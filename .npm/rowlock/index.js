"use strict";

// The program is in a package of its own for each platform, of which npm installs the one that fits.

const NAME = `@rowlock/${process.platform}-${process.arch}`;

/** The path of the rowlock program of this platform. */
function program() {
  const file = process.platform === "win32" ? "rowlock.exe" : "rowlock";
  try {
    return require.resolve(`${NAME}/${file}`);
  } catch {
    throw new Error(
      `the package ${NAME} is not installed: install without --omit=optional, ` +
        "or build rowlock with `cargo install rowlock` where there is no package for the platform",
    );
  }
}

module.exports = { program };
