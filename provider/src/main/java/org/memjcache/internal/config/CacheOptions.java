package org.memjcache.internal.config;

import java.time.Duration;
import java.util.List;
import javax.cache.configuration.Factory;
import javax.cache.expiry.ExpiryPolicy;
import org.memjcache.Consistency;
import org.memjcache.FailureMode;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.text.ErrorText;

/**
 * The table of all settings of caches: each is one line here and nowhere else listed. They are
 * given as options {@code cache.<name or pattern>.<setting>}.
 */
final class CacheOptions {

  /** What the names of options begin with that concern caches. */
  static final String PREFIX = "cache.";

  /** How such an option is named, for errors and documentation. */
  static final String FORM =
      PREFIX + "<name>.<setting>, with '*' in the name for any run of characters";

  private static final OptionTable TABLE = new OptionTable();

  private static final OptionFormat<String> CLASS = ClassName.FORMAT;

  static final Option<String> KEY_TYPE =
      TABLE.add("keyType", "java.lang.Object", CLASS, "the class of the keys");

  static final Option<String> VALUE_TYPE =
      TABLE.add("valueType", "java.lang.Object", CLASS, "the class of the values");

  static final Option<Factory<ExpiryPolicy>> EXPIRY =
      TABLE.add(
          "expiry",
          "eternal",
          new OptionFormat<>(ExpiryFormat.FORM, ExpiryFormat::parse),
          "how long an entry lives: for ever, or counted from its creation, its last change, its"
              + " last reading, or the last of all these");

  static final Option<Boolean> STATISTICS =
      TABLE.add(
          "statistics",
          "false",
          OptionFormat.flag(),
          "whether the cache counts, and shows the counts as managed beans");

  static final Option<Boolean> COUNT_REMOVE_ALL =
      TABLE.add(
          "countRemoveAll",
          "true",
          OptionFormat.flag(),
          "with statistics=true: whether removeAll() counts each entry, as JCache has it, which"
              + " takes a walk over all servers; or is one increment like clear()");

  static final Option<Boolean> MANAGEMENT =
      TABLE.add(
          "management",
          "false",
          OptionFormat.flag(),
          "whether the cache shows its configuration as a managed bean");

  static final Option<Boolean> READ_THROUGH =
      TABLE.add("readThrough", "false", OptionFormat.flag(), "whether a miss asks the loader");

  static final Option<Boolean> WRITE_THROUGH =
      TABLE.add(
          "writeThrough", "false", OptionFormat.flag(), "whether the writer is told of changes");

  static final Option<String> LOADER =
      TABLE.add(
          "loader",
          null,
          CLASS,
          "a CacheLoader, or a Factory of one, with a public constructor without parameters");

  static final Option<String> WRITER =
      TABLE.add(
          "writer",
          null,
          CLASS,
          "a CacheWriter, or a Factory of one, with a public constructor without parameters");

  static final Option<String> SERIALIZER =
      TABLE.add(
          "serializer",
          null,
          CLASS,
          "a Serializer, or a Factory of one, with a public constructor without parameters; in"
              + " place of the manager's");

  static final Option<Consistency> CONSISTENCY =
      TABLE.add(
          "consistency",
          null,
          OptionFormat.word(Consistency.values()),
          "how fresh the versions are; in place of the manager's");

  static final Option<Duration> STALENESS =
      TABLE.add(
          "staleness",
          null,
          OptionFormat.duration("1ms", "1h"),
          "with consistency=bounded: in place of the manager's");

  static final Option<FailureMode> FAILURE =
      TABLE.add(
          "failure",
          null,
          OptionFormat.word(FailureMode.values()),
          "what operations do while a server is away; in place of the manager's");

  private CacheOptions() {}

  /** Returns all settings, in the order in which documentation lists them. */
  static List<Option<?>> all() {
    return TABLE.all();
  }

  /**
   * Returns the setting of this name.
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
                    "unknown cache setting "
                        + ErrorText.of(name)
                        + " in "
                        + place
                        + "; "
                        + TABLE.accepted(name)));
  }
}
