import Glibc

/// The natural logarithm in Double.
func logarithm(_ value: Double) -> Double { log(value) }

/// base^exponent in Double.
func power(_ base: Double, _ exponent: Int64) -> Double { pow(base, Double(exponent)) }

/// The cosine in Double.
func cosine(_ angle: Double) -> Double { cos(angle) }
