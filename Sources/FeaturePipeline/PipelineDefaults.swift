/// What the pipeline does where nothing is said; gates check these values.
public enum PipelineDefaults {
    /// Whether features are codes; stays off until the migration's last phase switches it.
    public static let useEncodec = false
    /// Bandwidth of codes in kbps.
    public static let bandwidthKbps = 6.0
}
