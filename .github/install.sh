#!/usr/bin/env bash
# Fetches the program of a release and checks that it is what was released.
#
#   install.sh FOLDER [VERSION]     without a version, that of the sources beside this script
set -euo pipefail

folder=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
version=${2:-$(sed -n 's/^version = "\(.*\)"$/\1/p' "$here/Cargo.toml" | head -n 1)}
base=${ROWLOCK_RELEASES:-https://github.com/rowlock/rowlock/releases/download}

case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) target=x86_64-unknown-linux-musl ;;
    Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-musl ;;
    Darwin-x86_64) target=x86_64-apple-darwin ;;
    Darwin-arm64) target=aarch64-apple-darwin ;;
    MINGW*-x86_64 | MSYS*-x86_64) target=x86_64-pc-windows-msvc ;;
    *)
        echo "error: there is no release for $(uname -s) on $(uname -m); build it with \`cargo install rowlock\`" >&2
        exit 3
        ;;
esac

archive=rowlock-$version-$target.tar.gz
mkdir -p "$folder"
cd "$folder"
for file in "$archive" SHA256SUMS; do
    curl --fail --silent --show-error --location --retry 3 --output "$file" "$base/v$version/$file"
done
# macOS has no sha256sum.
check=(sha256sum)
command -v sha256sum >/dev/null || check=(shasum -a 256)
grep -F "  $archive" SHA256SUMS | "${check[@]}" --check --status - || {
    echo "error: $archive is not what was released: its checksum differs" >&2
    exit 3
}
tar -xzf "$archive" --strip-components 1
"./rowlock" --version
