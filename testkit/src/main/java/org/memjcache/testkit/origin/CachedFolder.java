// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder that appears complete or not at all, however many processes make it at once.
 *
 * <p>It is made beside its place and then moved there in one step. Whoever comes second throws his
 * own away and uses the first one's. A folder that turns out not to work is replaced.
 */
final class CachedFolder {

  /** What is younger may be somebody's work in progress. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Path place;

  CachedFolder(Path place) {
    this.place = place;
  }

  /** Turns a finished folder into what it is for. */
  interface Opener<T> {

    /** {@return what the folder is for, or throws if the folder doesn't work} */
    T open(Path folder) throws IOException;
  }

  /** Fills a new folder. */
  interface Maker {

    /** Fills the folder, which exists and is empty. */
    void make(Path folder) throws IOException;
  }

  /**
   * Opens the folder, after making it if it isn't there or doesn't work.
   *
   * @throws IOException if it can't be made or doesn't work even when new
   */
  <T> T getOrMake(Opener<T> opener, Maker maker) throws IOException {
    if (Files.isDirectory(place)) {
      try {
        return opener.open(place);
      } catch (IOException outdated) {
        moveAway();
      }
    }
    Path parent = place.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException("not a place for a folder: " + place);
    }
    Files.createDirectories(parent);
    removeAbandoned(parent);
    Path workshop = Files.createTempDirectory(parent, temporaryPrefix());
    try {
      Path fresh = Files.createDirectory(workshop.resolve("root"));
      maker.make(fresh);
      opener.open(fresh);
      publish(fresh);
    } finally {
      delete(workshop);
    }
    return opener.open(place);
  }

  private void publish(Path fresh) throws IOException {
    try {
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!Files.isDirectory(place)) {
        throw e;
      }
      // Another process was faster; its folder is as good.
    }
  }

  private void moveAway() throws IOException {
    Path bin = Files.createTempDirectory(place.toAbsolutePath().getParent(), temporaryPrefix());
    try {
      Files.move(place, bin.resolve("old"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (Files.isDirectory(place)) {
        throw e;
      }
      // Another process has moved it away.
    } finally {
      delete(bin);
    }
  }

  private String temporaryPrefix() {
    return place.getFileName() + ".tmp-";
  }

  private void removeAbandoned(Path parent) throws IOException {
    List<Path> candidates;
    try (Stream<Path> files = Files.list(parent)) {
      candidates =
          files
              .filter(file -> file.getFileName().toString().startsWith(temporaryPrefix()))
              .toList();
    }
    Instant limit = Instant.now().minus(ABANDONED);
    for (Path candidate : candidates) {
      if (Files.getLastModifiedTime(candidate).toInstant().isBefore(limit)) {
        delete(candidate);
      }
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException leftOver) {
      // It is only a cache: what is left is removed another time.
    }
  }
}
