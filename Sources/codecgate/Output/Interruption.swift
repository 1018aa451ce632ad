import Glibc
import Synchronization

/// Thrown where work may stop after SIGINT or SIGTERM, so that temporary files are removed on the way out.
struct Interruption: Error {
    /// The signal that asked for an end; 0 before that.
    private static let signal = Atomic<Int32>(0)

    /// Lets the first signal ask for an orderly end; a second one ends the process at once.
    ///
    /// A signal that the parent ignores (background jobs, nohup) stays ignored; one that the parent's thread happened to
    /// block, as Dispatch's threads do, is let through.
    static func watch() {
        // A limit on the size of files becomes a failed write with a sentence, not the end of the process.
        Glibc.signal(SIGXFSZ, SIG_IGN)
        // The first use makes the atomic, which a signal handler must not do.
        signal.store(0, ordering: .sequentiallyConsistent)
        for number in [SIGINT, SIGTERM] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                Interruption.signal.store(number, ordering: .sequentiallyConsistent)
            }
            action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
            var inherited = sigaction()
            sigaction(number, &action, &inherited)
            // The handler is a C function pointer; SIG_IGN is the pointer 1.
            if unsafeBitCast(inherited.__sigaction_handler.sa_handler, to: UInt.self) == 1 {
                sigaction(number, &inherited, nil)
            }
        }
        var watched = sigset_t()
        sigemptyset(&watched)
        sigaddset(&watched, SIGINT)
        sigaddset(&watched, SIGTERM)
        sigprocmask(SIG_UNBLOCK, &watched, nil)
    }

    /// - Throws: `Interruption` after a signal.
    static func check() throws(Interruption) {
        if signal.load(ordering: .relaxed) != 0 { throw Interruption() }
    }

    /// Ends the process by the signal itself, which is what a calling shell wants to see.
    static func endProcess() -> Never {
        let number = signal.load(ordering: .relaxed)
        Glibc.signal(number, SIG_DFL)
        raise(number)
        exit(128 + number)
    }
}
