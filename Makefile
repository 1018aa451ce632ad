# Two commands do everything on a fresh machine that has Swift: `make report` and `make test`.

.DEFAULT_GOAL := help
.PHONY: help packages build report test bench bench-metrics format lint docs clean

# Debian packages that the build links against; installed when missing.
PACKAGES := libsndfile1-dev libfftw3-dev libopenblas-dev libavformat-dev libavcodec-dev libavutil-dev \
	libswresample-dev libsoxr-dev zlib1g-dev libxml2-dev pkg-config make
SWIFT ?= swift
PYTHON ?= python3

help:
	@echo "make report   verify the codec on this machine and say where the report is"
	@echo "make test     build and run all tests"
	@echo "make bench    time the codec beside Hugging Face and ONNX Runtime (needs Benchmarks/requirements.txt)"
	@echo "make bench-metrics   time STOI and ESTOI beside pystoi, and the panel (Benchmarks/requirements-metrics.txt)"
	@echo "make format   format the sources;  make lint  check them"
	@echo "make docs     build the documentation, warnings as errors"

packages:
	@./.ci/packages $(PACKAGES)

build: packages
	$(SWIFT) build -c release --product codecgate

# The report is the product: whatever the verdict, it is made (1: DO NOT, 3: CANNOT TELL). Scripts that want the verdict
# as an exit code call `codecgate verify` itself.
report: build
	@.build/release/codecgate verify --out Reports || { status=$$?; [ $$status = 1 ] || [ $$status = 3 ]; }

test: packages
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build

bench: build
	.build/release/codecgate bench encodec --repeats 3 --python $(PYTHON)

bench-metrics: build
	.build/release/codecgate bench metrics --python $(PYTHON)

format:
	$(SWIFT) format --in-place --recursive Sources Tests Package.swift

lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

docs: packages
	CODECGATE_DOCS=1 $(SWIFT) package --disable-sandbox generate-documentation --warnings-as-errors \
		--target NumericCore --target AudioIO --target SignalProcessing --target NeuralNetwork --target EnCodec \
		--target FeaturePipeline --target Autoencoder \
		--target Verification --target VerificationSuite

clean:
	rm -rf .build
