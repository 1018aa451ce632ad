public import ArgumentParser
public import Autoencoder
public import FeaturePipeline

extension ModelWidths: ExpressibleByArgument {}
extension TrainedHead: ExpressibleByArgument {}
extension TrainerSettings.Regression: ExpressibleByArgument {}
extension Dataset.Part: ExpressibleByArgument {}
