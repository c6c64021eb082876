// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.memjcache.testkit.local.Command;

/**
 * Downloads and unpacks packages with the system's package sources and keys, but with lists and
 * caches of its own, and so without root.
 */
final class Apt {

  private static final Duration NETWORK = Duration.ofMinutes(2);
  private static final Duration LOCAL = Duration.ofSeconds(30);

  /** A library a package depends on, as {@code apt-cache depends} says it. */
  private static final Pattern LIBRARY =
      Pattern.compile("^ [ |](?:Pre)?Depends: (lib[a-z0-9.+-]+)$", Pattern.MULTILINE);

  /** The C library belongs to the system's loader and can't be exchanged alone. */
  private static final Set<String> PART_OF_THE_SYSTEM = Set.of("libc6", "libgcc-s1");

  private final Machine machine;

  Apt(Machine machine) {
    this.machine = machine;
  }

  /**
   * Unpacks packages and the libraries they need that the system doesn't have.
   *
   * @param folder where to; scratch files go beside it, into its parent
   * @throws IOException if a package can't be had; the message says why
   */
  void unpack(List<String> packages, Path folder) throws IOException {
    Path scratch = Files.createDirectory(folder.resolveSibling("apt"));
    Files.createDirectories(scratch.resolve("lists/partial"));
    Files.createDirectories(scratch.resolve("cache/archives/partial"));
    Path downloads = Files.createDirectory(scratch.resolve("downloads"));
    Path configuration = Files.writeString(scratch.resolve("apt.conf"), configuration(scratch));

    String warnings = tool("apt-get", "-c", configuration.toString(), "-qq", "update").run(NETWORK);
    List<String> wanted = new ArrayList<>(packages);
    try {
      wanted.addAll(missingLibraries(packages, configuration));
    } catch (IOException e) {
      throw new IOException(e.getMessage() + " " + warnings.strip(), e);
    }
    List<String> download =
        new ArrayList<>(List.of("-c", configuration.toString(), "-qq", "download"));
    download.addAll(wanted);
    tool("apt-get", download.toArray(String[]::new)).in(downloads).run(NETWORK);
    try (Stream<Path> archives = Files.list(downloads)) {
      for (Path archive : archives.sorted().toList()) {
        tool("dpkg", "-x", archive.toString(), folder.toString()).run(LOCAL);
      }
    }
  }

  /** {@return the libraries the packages depend on, at any remove, that are not installed} */
  private Set<String> missingLibraries(List<String> packages, Path configuration)
      throws IOException {
    Set<String> here =
        tool("dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n")
            .run(LOCAL)
            .lines()
            .filter(line -> line.endsWith(" installed"))
            .map(line -> line.substring(0, line.indexOf(' ')))
            .collect(Collectors.toSet());
    Set<String> missing = new TreeSet<>();
    List<String> unseen = packages;
    while (!unseen.isEmpty()) {
      List<String> question = new ArrayList<>(List.of("-c", configuration.toString(), "depends"));
      question.addAll(unseen);
      String answer = tool("apt-cache", question.toArray(String[]::new)).run(LOCAL);
      unseen =
          librariesIn(answer).stream()
              .filter(library -> !here.contains(library) && missing.add(library))
              .toList();
    }
    return missing;
  }

  /** {@return the libraries named as dependencies in an answer of {@code apt-cache depends}} */
  static Set<String> librariesIn(String answer) {
    Set<String> libraries = new TreeSet<>();
    Matcher matcher = LIBRARY.matcher(answer);
    while (matcher.find()) {
      libraries.add(matcher.group(1));
    }
    libraries.removeAll(PART_OF_THE_SYSTEM);
    return libraries;
  }

  private Command tool(String name, String... arguments) throws IOException {
    List<String> words = new ArrayList<>();
    words.add(
        machine
            .executable(name)
            .orElseThrow(() -> new IOException("no %s on the PATH".formatted(name)))
            .toString());
    words.addAll(List.of(arguments));
    return Command.of(words);
  }

  /**
   * {@return settings that are read after the system's: private folders, no hooks that reach
   * outside of them, and nothing downloaded but the lists of packages}
   */
  private static String configuration(Path scratch) {
    return """
    #clear APT::Update::Pre-Invoke;
    #clear APT::Update::Post-Invoke;
    #clear APT::Update::Post-Invoke-Success;
    #clear Acquire::IndexTargets::deb::DEP-11;
    #clear Acquire::IndexTargets::deb::DEP-11-icons;
    #clear Acquire::IndexTargets::deb::DEP-11-icons-small;
    #clear Acquire::IndexTargets::deb::DEP-11-icons-large;
    #clear Acquire::IndexTargets::deb::DEP-11-icons-hidpi;
    #clear Acquire::IndexTargets::deb::DEP-11-icons-large-hidpi;
    #clear Acquire::IndexTargets::deb::CNF;
    #clear Acquire::IndexTargets::deb::Contents-deb;
    #clear Acquire::IndexTargets::deb-src;
    Acquire::Languages "none";
    Acquire::GzipIndexes "false";
    Acquire::Retries "2";
    Acquire::http::Timeout "15";
    Acquire::https::Timeout "15";
    APT::Sandbox::User "root";
    Dir::State::Lists "%1$s/lists";
    Dir::Cache "%1$s/cache";
    Dir::Cache::archives "archives";
    Dir::Cache::pkgcache "pkgcache.bin";
    Dir::Cache::srcpkgcache "";
    """
        .formatted(scratch.toAbsolutePath());
  }
}
