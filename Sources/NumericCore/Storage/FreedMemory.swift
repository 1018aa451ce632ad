internal import CKernels

/// What becomes of memory that is freed; a setting of the whole process.
public enum FreedMemory {
    /// Keeps it for the next step, which asks for the same again.
    ///
    /// A training step allocates and frees the same large arrays each time; given back to the system and fetched anew,
    /// their pages cost up to a third of a step. The process stays as large as it was at its largest.
    public static func keep() { ck_keep_freed_memory() }
}
