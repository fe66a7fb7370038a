#!/bin/sh
# Cargo's RUSTC_WORKSPACE_WRAPPER for `cargo xtask fuzz`: compiles our crates, and only ours, with counters for libFuzzer.
case " $* " in
  # What runs while building has no libFuzzer to count for; the probes of cargo compile nothing.
  *" build_script_"* | *" proc-macro "* | *" -vV "* | *" --print="*) exec "$@" ;;
esac
exec "$@" --cfg fuzzing \
  -Cpasses=sancov-module \
  -Cllvm-args=-sanitizer-coverage-level=4 \
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
  -Cllvm-args=-sanitizer-coverage-pc-table \
  -Cllvm-args=-sanitizer-coverage-trace-compares \
  -Copt-level=1 -Cdebug-assertions=yes -Coverflow-checks=yes
