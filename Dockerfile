# nosana-node as a container, beside the engine that it uses. How to run it: README.md.
#
#   docker build -t nosana-node .
#   docker build -t nosana-node --build-arg SDK_IMAGE=... --build-arg RUNTIME_IMAGE=... .    other places to take these from

# The .NET SDK 10 with a shell, uname and sed.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
# The C library, libstdc++ and OpenSSL of the SDK's image or newer, and certificates of authorities. It needs no shell.
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0

FROM ${SDK_IMAGE} AS build
WORKDIR /source
COPY Directory.Build.props Directory.Packages.props ./
COPY src src
# More for dotnet publish: -p:PublishReadyToRunComposite=false builds in a fraction of the time, and what it builds starts more slowly.
ARG PUBLISH_OPTIONS=
# Without the analyzers, which say nothing new of what has been built before.
RUN dotnet publish src/Nosana.Node -c Release -r "linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')" \
    -p:RunAnalyzers=false $PUBLISH_OPTIONS -o /publish
RUN mkdir -m 700 /state

FROM ${RUNTIME_IMAGE}
# Who it runs as. The engine's socket is for another group: docker run --group-add.
ARG UID=1654
COPY --from=build /publish/nosana-node /usr/local/bin/nosana-node
COPY --from=build --chown=${UID}:${UID} /state /var/lib/nosana-node
ENV HOME=/var/lib/nosana-node \
    NOSANA_STATE=/var/lib/nosana-node \
    NOSANA_KEY=/var/lib/nosana-node/nosana_key.json \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
USER ${UID}:${UID}
VOLUME /var/lib/nosana-node
HEALTHCHECK --interval=30s --timeout=10s --start-period=2m CMD ["nosana-node", "health"]
# Exec form: process 1 is the agent, and SIGTERM reaches it.
ENTRYPOINT ["nosana-node"]
CMD ["start"]
