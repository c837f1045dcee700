/** A server that the embedded stack runs, and where its binary comes from; versions are pinned. */
export interface ServerDeclaration {
  readonly name: 'temporal' | 'minio';
  readonly title: string;
  /** Names the folder in the cache. */
  readonly version: string;
  /** Key of the configuration that makes the server unnecessary. */
  readonly configKey: string;
  /** Variable with the path of a binary of one's own. */
  readonly binaryVariable: string;
  readonly release: ReleaseDeclaration;
  /** `module@version` for `go install`. */
  readonly goModule: string;
}

/** An official release download. */
export interface ReleaseDeclaration {
  readonly baseUrl: string;
  /** Variable with the base URL of a mirror. */
  readonly mirrorVariable: string;
  /** Path of the file below the base for a platform; null when there is none. */
  file(platform: string, arch: string): string | null;
  /** Path of the release's own checksum file for that file. */
  checksums(file: string): string;
  /** Member of the archive that is the binary; null when the file is the binary. */
  readonly member: string | null;
}

const systems: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
const machines: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

function nameSystem(platform: string, arch: string): { system: string; machine: string } | null {
  const [system, machine] = [systems[platform], machines[arch]];
  return system === undefined || machine === undefined ? null : { system, machine };
}

/** Temporal's command-line tool, which has the dev server with Web UI in it. */
export const temporalServer: ServerDeclaration = {
  name: 'temporal',
  title: 'Temporal',
  version: 'v1.5.1',
  configKey: 'temporal.address',
  binaryVariable: 'QUESTLINE_TEMPORAL_BIN',
  goModule: 'github.com/temporalio/cli/cmd/temporal@v1.5.1',
  release: {
    baseUrl: 'https://github.com/temporalio/cli/releases/download/v1.5.1',
    mirrorVariable: 'QUESTLINE_RELEASES_TEMPORAL',
    file(platform, arch) {
      const name = nameSystem(platform, arch);
      return name === null || platform === 'win32'
        ? null
        : `temporal_cli_1.5.1_${name.system}_${name.machine}.tar.gz`;
    },
    checksums: () => 'checksums.txt',
    member: 'temporal',
  },
};

/** MinIO; the release is the last that was published with binaries, the Go module the last state of the source. */
export const minioServer: ServerDeclaration = {
  name: 'minio',
  title: 'MinIO',
  version: '2026-02-12',
  configKey: 's3.endpoint',
  binaryVariable: 'QUESTLINE_MINIO_BIN',
  goModule: 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c',
  release: {
    baseUrl: 'https://dl.min.io/server/minio/release',
    mirrorVariable: 'QUESTLINE_RELEASES_MINIO',
    file(platform, arch) {
      const name = nameSystem(platform, arch);
      return name === null
        ? null
        : `${name.system}-${name.machine}/archive/minio.RELEASE.2025-09-07T16-13-09Z${platform === 'win32' ? '.exe' : ''}`;
    },
    checksums: (file) => `${file}.sha256sum`,
    member: null,
  },
};
