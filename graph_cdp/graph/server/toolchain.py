"""What the managed local server needs of the machine: a Java to run it, a Maven to fetch it."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

JAVA_MAJOR_MIN = 17
"""What Neo4j 5.26 needs."""

ASK_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Java:
    """A Java on this machine: where, and its major version (17 of `17.0.15`)."""

    path: str
    major: int


def find_java(java_home: Path | None) -> Java | None:
    """The Java under `java_home`, or the first on the PATH when that is not given; None when there is none."""
    path = shutil.which(str(java_home / "bin" / "java")) if java_home else shutil.which("java")
    if path is None:
        return None
    try:
        answer = subprocess.run(
            [path, "-version"], capture_output=True, text=True, check=False, timeout=ASK_TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    major = java_major(answer.stderr + answer.stdout)
    return None if major is None else Java(path=path, major=major)


def java_major(version_text: str) -> int | None:
    """The major version in what `java -version` prints, for example 17; 8 of the old form `1.8.0_412`."""
    found = re.search(r'version "(?:1\.)?(\d+)', version_text)
    return int(found[1]) if found else None


def find_maven() -> str | None:
    """Where `mvn` is, or None."""
    return shutil.which("mvn")


def missing_tools(*, java: Java | None, maven: str | None) -> tuple[str, ...]:
    """What must be installed before a local server can run, in words; empty when nothing is missing."""
    missing: list[str] = []
    if java is None:
        missing.append(f"Java {JAVA_MAJOR_MIN} or newer (no `java` was found)")
    elif java.major < JAVA_MAJOR_MIN:
        missing.append(f"Java {JAVA_MAJOR_MIN} or newer ({java.path} is Java {java.major})")
    if maven is None:
        missing.append("Maven (no `mvn` was found)")
    return tuple(missing)
