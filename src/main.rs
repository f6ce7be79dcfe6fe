fn main() -> std::process::ExitCode {
    rowlock::main()
}
