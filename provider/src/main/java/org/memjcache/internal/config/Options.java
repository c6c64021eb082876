package org.memjcache.internal.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.memjcache.Consistency;
import org.memjcache.FailureMode;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.text.ErrorText;

/**
 * The table of all options of managers: each is one line here and nowhere else listed. {@link
 * CacheOptions} has those of caches.
 */
final class Options {

  private static final OptionTable TABLE = new OptionTable();

  static final Option<List<ServerAddress>> SERVERS =
      TABLE.add(
          "servers",
          null,
          new OptionFormat<>(Servers.FORM, text -> Optional.of(Servers.parse(text))),
          "the memcached servers, in any order; part of a memcached: URI");

  static final Option<List<String>> NAMESPACE =
      TABLE.add(
          "namespace",
          null,
          new OptionFormat<>(
              NamespacePath.FORM, text -> Optional.of(NamespacePath.parseOption(text))),
          "the names that all caches are beneath, outermost first; the path of a memcached: URI");

  static final Option<Duration> TIMEOUT =
      TABLE.add(
          "timeout",
          "1s",
          OptionFormat.duration("1ms", "1h"),
          "how long one operation waits for memcached before it fails, connecting included");

  static final Option<Duration> CONNECT_TIMEOUT =
      TABLE.add(
          "connectTimeout",
          "1s",
          OptionFormat.duration("1ms", "1h"),
          "how long one attempt to connect to a server may take");

  static final Option<Integer> CONNECTIONS =
      TABLE.add(
          "connections",
          "1",
          OptionFormat.wholeNumber(1, 64),
          "connections held to each server, shared by all threads and by all managers of one"
              + " cluster");

  static final Option<List<String>> SERIALIZATION_ALLOW =
      TABLE.add(
          "serialization.allow",
          "",
          OptionFormat.set(
              "classes and packages such as com.acme.Person, com.acme.* or com.acme.**"),
          "classes that may be serialized and read back, besides those of the JDK that always may");

  static final Option<String> SERIALIZER =
      TABLE.add(
          "serializer",
          null,
          ClassName.FORMAT,
          "a Serializer, or a Factory of one, with a public constructor without parameters; in"
              + " place of Java serialization, for what has no encoding of its own");

  static final Option<Compression> COMPRESSION =
      TABLE.add(
          "compression",
          "none",
          OptionFormat.word(Compression.values()),
          "how large values are made smaller; lz4 needs the library at.yawk.lz4:lz4-java, zstd"
              + " needs com.github.luben:zstd-jni, for reading, too");

  static final Option<Integer> COMPRESSION_THRESHOLD =
      TABLE.add(
          "compression.threshold",
          String.valueOf(CompressionRule.DEFAULT_THRESHOLD),
          OptionFormat.wholeNumber(1, 999_999_999),
          "with compression=lz4 or zstd: how many bytes a value must have to be compressed");

  static final Option<Integer> COMPRESSION_LIMIT =
      TABLE.add(
          "compression.limit",
          String.valueOf(CompressionRule.DEFAULT_LIMIT),
          OptionFormat.wholeNumber(1, 999_999_999),
          "how many bytes a compressed value may have uncompressed: larger ones are stored as they"
              + " are, and not read if another process compressed them");

  static final Option<Consistency> CONSISTENCY =
      TABLE.add(
          "consistency",
          "strict",
          OptionFormat.word(Consistency.values()),
          "how fresh the versions are that an operation relies on: checked in its own round trip,"
              + " or at most 'staleness' old");

  static final Option<Duration> STALENESS =
      TABLE.add(
          "staleness",
          "100ms",
          OptionFormat.duration("1ms", "1h"),
          "with consistency=bounded: how long after a clear another process may go on without"
              + " noticing");

  static final Option<FailureMode> FAILURE =
      TABLE.add(
          "failure",
          "throw",
          OptionFormat.word(FailureMode.values()),
          "what operations do while a server is away: throw, or miss and make up for it");

  static final Option<Secrets> SECRET =
      TABLE.add(
          new Option<>(
                  "secret",
                  null,
                  Secrets.FORMAT,
                  "what entries are signed with, so that what somebody without it wrote to"
                      + " memcached is a miss; the first signs, and what any of them signed is"
                      + " read")
              .orVariable("MEMJCACHE_SECRET")
              .secret());

  static final Option<Protocol> PROTOCOL =
      TABLE.add(
          "protocol",
          "text",
          OptionFormat.word(Protocol.values()),
          "what to speak with the servers; binary is for those that want SASL, and lists no keys");

  static final Option<String> USER =
      TABLE.add(
          new Option<>(
                  "user",
                  null,
                  new OptionFormat<>(
                      "a name of up to 250 characters without blanks and control characters",
                      text -> Optional.of(text).filter(Credentials::isUser)),
                  "who to be for servers that ask; goes with 'password'")
              .orVariable("MEMJCACHE_USER"));

  static final Option<String> PASSWORD =
      TABLE.add(
          new Option<>(
                  "password",
                  null,
                  new OptionFormat<>(
                      "a text of up to 250 characters, none of them a control character",
                      text -> Optional.of(text).filter(Credentials::isPassword)),
                  "the password of 'user'")
              .orVariable("MEMJCACHE_PASSWORD")
              .secret());

  private Options() {}

  /** Returns all options, in the order in which documentation lists them. */
  static List<Option<?>> all() {
    return TABLE.all();
  }

  /**
   * Returns the option of this name.
   *
   * @param place where the name comes from, for the error
   * @throws InvalidConfigurationException if there is none; the text names the nearest and all
   *     others
   */
  static Option<?> named(String name, String place) {
    return TABLE
        .find(name)
        .orElseThrow(
            () ->
                new InvalidConfigurationException(
                    "unknown option "
                        + ErrorText.of(name)
                        + " in "
                        + place
                        + "; "
                        + TABLE.accepted(name)));
  }
}
