package org.memjcache.internal.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.cache.configuration.Factory;
import javax.cache.expiry.ExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.memjcache.Consistency;
import org.memjcache.FailureMode;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.UnreadableMode;
import org.memjcache.internal.config.value.Compression;
import org.memjcache.internal.config.value.CompressionRule;
import org.memjcache.internal.config.value.Credentials;
import org.memjcache.internal.config.value.EventQueueLimits;
import org.memjcache.internal.config.value.Protocol;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.internal.text.DidYouMean;
import org.memjcache.internal.text.ErrorText;

/**
 * The tables of all options: those of managers, and those of caches, which are given as {@code
 * cache.<name or pattern>.<setting>}. Each is one entry here and one row in docs/configuration.md.
 */
final class Options {

  /** What the names of options begin with that concern caches. */
  static final String CACHE_PREFIX = "cache.";

  /** How an option of caches is named, for errors and documentation. */
  static final String CACHE_FORM =
      CACHE_PREFIX + "<name>.<setting>, with '*' in the name for any run of characters";

  private static final List<Option<?>> MANAGER = new ArrayList<>();
  private static final List<Option<?>> CACHE = new ArrayList<>();

  static final Option<List<ServerAddress>> SERVERS =
      add(
          MANAGER,
          "servers",
          null,
          new OptionFormat<>(Servers.FORM, text -> Optional.of(Servers.parse(text))),
          "the memcached servers, in any order; part of a memcached: URI");

  static final Option<List<String>> NAMESPACE =
      add(
          MANAGER,
          "namespace",
          null,
          new OptionFormat<>(
              NamespacePath.FORM, text -> Optional.of(NamespacePath.parseOption(text))),
          "the names above all caches, outermost first; the path of a memcached: " + "URI");

  static final Option<Duration> TIMEOUT =
      add(
          MANAGER,
          "timeout",
          "1s",
          OptionFormat.duration("1ms", "1h"),
          "how long one operation waits for memcached before it fails, the first connection to a"
              + " server left out");

  static final Option<Duration> CONNECT_TIMEOUT =
      add(
          MANAGER,
          "connectTimeout",
          "2500ms",
          OptionFormat.duration("1ms", "1h"),
          "how long one attempt to connect to a server may take, and how long an operation waits"
              + " for the first connection, on top of 'timeout'");

  static final Option<Integer> CONNECTIONS =
      add(
          MANAGER,
          "connections",
          "1",
          OptionFormat.wholeNumber(1, 64),
          "connections held to each server, shared by all threads and by all managers of one"
              + " cluster");

  static final Option<List<String>> SERIALIZATION_ALLOW =
      add(
          MANAGER,
          "serialization.allow",
          "",
          OptionFormat.set(
              "classes and packages such as com.acme.Person, com.acme.* or com.acme.**"),
          "classes that may be serialized and read back, besides those of the JDK that always may");

  static final Option<String> SERIALIZER =
      add(
          MANAGER,
          "serializer",
          null,
          OptionFormat.className(),
          "a Serializer, or a Factory of one, with a public constructor without parameters; in"
              + " place of Java serialization, for what has no encoding of its own");

  static final Option<Compression> COMPRESSION =
      add(
          MANAGER,
          "compression",
          "none",
          OptionFormat.word(Compression.values()),
          "how large values are compressed; lz4 requires the library "
              + "at.yawk.lz4:lz4-java, zstd requires com.github.luben:zstd-jni, for "
              + "reading as well");

  static final Option<Integer> COMPRESSION_THRESHOLD =
      add(
          MANAGER,
          "compression.threshold",
          String.valueOf(CompressionRule.DEFAULT_THRESHOLD),
          OptionFormat.wholeNumber(1, 999_999_999),
          "with compression=lz4 or zstd: how many bytes a value must have to be compressed");

  static final Option<Integer> COMPRESSION_LIMIT =
      add(
          MANAGER,
          "compression.limit",
          String.valueOf(CompressionRule.DEFAULT_LIMIT),
          OptionFormat.wholeNumber(1, 999_999_999),
          "how many bytes a compressed value may have uncompressed: larger ones are stored as they"
              + " are, and not read if another process compressed them");

  static final Option<Consistency> CONSISTENCY =
      add(
          MANAGER,
          "consistency",
          "strict",
          OptionFormat.word(Consistency.values()),
          "how fresh the versions are that an operation relies on: checked in its own round trip,"
              + " or at most 'staleness' old");

  static final Option<Duration> STALENESS =
      add(
          MANAGER,
          "staleness",
          "100ms",
          OptionFormat.duration("1ms", "1h"),
          "with consistency=bounded: how long after a clear another process may "
              + "not notice it");

  static final Option<FailureMode> FAILURE =
      add(
          MANAGER,
          "failure",
          "throw",
          OptionFormat.word(FailureMode.values()),
          "what operations do while a server is away: throw, or miss and make up for it");

  static final Option<Integer> LISTENER_EVENTS =
      add(
          MANAGER,
          "listener.events",
          String.valueOf(EventQueueLimits.DEFAULT_EVENTS),
          OptionFormat.wholeNumber(1, 999_999_999),
          "how many events may wait for an asynchronous listener");

  static final Option<Integer> LISTENER_BYTES =
      add(
          MANAGER,
          "listener.bytes",
          String.valueOf(EventQueueLimits.DEFAULT_BYTES),
          OptionFormat.wholeNumber(1, 999_999_999),
          "how many bytes of keys and values, as they are encoded but not compressed, may wait for"
              + " an asynchronous listener");

  static final Option<Duration> LISTENER_WAIT =
      add(
          MANAGER,
          "listener.wait",
          "1s",
          OptionFormat.duration("0ms", "1h"),
          "how long an operation waits for an asynchronous listener that is too slow, before its"
              + " events are dropped");

  static final Option<UnreadableMode> UNREADABLE =
      add(
          MANAGER,
          "unreadable",
          "miss",
          OptionFormat.word(UnreadableMode.values()),
          "what operations do that find an entry which this process can't read, such as one of"
              + " another release: miss, or throw");

  static final Option<Secrets> SECRET =
      add(
          MANAGER,
          new Option<>(
                  "secret",
                  null,
                  Secrets.FORMAT,
                  "keys for signing entries; the first signs, and an entry that none of "
                      + "them signed is a miss")
              .orVariable("MEMJCACHE_SECRET")
              .secret());

  static final Option<Protocol> PROTOCOL =
      add(
          MANAGER,
          "protocol",
          "text",
          OptionFormat.word(Protocol.values()),
          "the protocol spoken with the servers; binary is for servers that "
              + "require SASL, and can't list keys");

  static final Option<String> USER =
      add(
          MANAGER,
          new Option<>(
                  "user",
                  null,
                  new OptionFormat<>(
                      "a name of up to 250 characters without blanks and control characters",
                      text -> Optional.of(text).filter(Credentials::isUser)),
                  "user name for authentication; requires 'password'")
              .orVariable("MEMJCACHE_USER"));

  static final Option<String> PASSWORD =
      add(
          MANAGER,
          new Option<>(
                  "password",
                  null,
                  new OptionFormat<>(
                      "a text of up to 250 characters, none of them a control character",
                      text -> Optional.of(text).filter(Credentials::isPassword)),
                  "the password of 'user'")
              .orVariable("MEMJCACHE_PASSWORD")
              .secret());

  static final Option<String> CACHE_KEY_TYPE =
      add(CACHE, "keyType", "java.lang.Object", OptionFormat.className(), "the class of the keys");

  static final Option<String> CACHE_VALUE_TYPE =
      add(
          CACHE,
          "valueType",
          "java.lang.Object",
          OptionFormat.className(),
          "the class of the values");

  static final Option<Factory<ExpiryPolicy>> CACHE_EXPIRY =
      add(
          CACHE,
          "expiry",
          "eternal",
          OptionFormat.expiry(),
          "how long an entry lives: forever, or counted from its creation, its "
              + "last change, its last read, or the latest of these");

  static final Option<Boolean> CACHE_STATISTICS =
      add(
          CACHE,
          "statistics",
          "false",
          OptionFormat.flag(),
          "whether the cache counts, and shows the counts as managed beans");

  static final Option<Boolean> CACHE_COUNT_REMOVE_ALL =
      add(
          CACHE,
          "countRemoveAll",
          "true",
          OptionFormat.flag(),
          "with statistics=true: whether removeAll() counts each entry, as in "
              + "JCache, which requires a scan of all servers; or is one increment like "
              + "clear()");

  static final Option<Boolean> CACHE_MANAGEMENT =
      add(
          CACHE,
          "management",
          "false",
          OptionFormat.flag(),
          "whether the cache shows its configuration as a managed bean");

  static final Option<Boolean> CACHE_READ_THROUGH =
      add(CACHE, "readThrough", "false", OptionFormat.flag(), "whether a miss asks the loader");

  static final Option<Boolean> CACHE_WRITE_THROUGH =
      add(
          CACHE,
          "writeThrough",
          "false",
          OptionFormat.flag(),
          "whether changes are passed to the writer");

  static final Option<String> CACHE_LOADER =
      add(
          CACHE,
          "loader",
          null,
          OptionFormat.className(),
          "a CacheLoader, or a Factory of one, with a public constructor without parameters");

  static final Option<String> CACHE_WRITER =
      add(
          CACHE,
          "writer",
          null,
          OptionFormat.className(),
          "a CacheWriter, or a Factory of one, with a public constructor without parameters");

  static final Option<String> CACHE_SERIALIZER =
      add(
          CACHE,
          "serializer",
          null,
          OptionFormat.className(),
          "a Serializer, or a Factory of one, with a public constructor without parameters; in"
              + " place of the manager's");

  static final Option<Consistency> CACHE_CONSISTENCY =
      add(
          CACHE,
          "consistency",
          null,
          OptionFormat.word(Consistency.values()),
          "how fresh the versions are; in place of the manager's");

  static final Option<Duration> CACHE_STALENESS =
      add(
          CACHE,
          "staleness",
          null,
          OptionFormat.duration("1ms", "1h"),
          "with consistency=bounded: in place of the manager's");

  static final Option<FailureMode> CACHE_FAILURE =
      add(
          CACHE,
          "failure",
          null,
          OptionFormat.word(FailureMode.values()),
          "what operations do while a server is away; in place of the manager's");

  static final Option<UnreadableMode> CACHE_UNREADABLE =
      add(
          CACHE,
          "unreadable",
          null,
          OptionFormat.word(UnreadableMode.values()),
          "what operations do that find an entry which this process can't read; in place of the"
              + " manager's");

  private Options() {}

  private static <T> Option<T> add(
      List<Option<?>> table,
      String name,
      @Nullable String defaultText,
      OptionFormat<T> format,
      String description) {
    return add(table, new Option<>(name, defaultText, format, description));
  }

  private static <T> Option<T> add(List<Option<?>> table, Option<T> option) {
    table.add(option);
    return option;
  }

  /** Returns the options of managers, in the order in which documentation lists them. */
  static List<Option<?>> ofManagers() {
    return List.copyOf(MANAGER);
  }

  /** Returns the settings of caches, in the order in which documentation lists them. */
  static List<Option<?>> ofCaches() {
    return List.copyOf(CACHE);
  }

  /**
   * Returns the option of a manager that has this name.
   *
   * @param place where the name comes from, for the error
   * @throws InvalidConfigurationException if there is none; the text names the nearest and all
   *     others
   */
  static Option<?> ofManager(String name, String place) {
    return named(MANAGER, "option", name, place);
  }

  /** Returns the setting of a cache that has this name; throws as {@link #ofManager} does. */
  static Option<?> ofCache(String name, String place) {
    return named(CACHE, "cache setting", name, place);
  }

  private static Option<?> named(List<Option<?>> table, String kind, String name, String place) {
    for (Option<?> option : table) {
      if (option.name().equals(name)) {
        return option;
      }
    }
    List<String> names = table.stream().<String>map(Option::name).toList();
    String expected =
        DidYouMean.of(name, names)
                .map(nearest -> "did you mean '" + nearest + "'? Expected one of ")
                .orElse("expected one of ")
            + String.join(", ", names);
    throw new InvalidConfigurationException(
        "unknown " + kind + " " + ErrorText.of(name) + " in " + place + "; " + expected);
  }
}
