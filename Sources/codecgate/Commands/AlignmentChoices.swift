// The conformances are as public as the types, and so must the protocol be.
public import ArgumentParser
public import FeaturePipeline

extension HemodynamicResponse.Kernel: ExpressibleByArgument {}
extension TRConvolution.Crop: ExpressibleByArgument {}
extension TRResampling.Method: ExpressibleByArgument {}
