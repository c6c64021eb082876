package org.memjcache.internal.config;

import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.text.ErrorText;

/**
 * What an option is given for: the manager, or the caches of a name or pattern.
 *
 * @param option the option of a manager or setting of a cache
 * @param caches which caches it is for; null for an option of the manager
 */
public record OptionName(Option<?> option, @Nullable CachePattern caches) {

  /**
   * Returns what a name stands for.
   *
   * @param name without the prefix of properties
   * @param place where it comes from, for the error
   * @throws InvalidConfigurationException if there is no such option or setting
   */
  public static OptionName of(String name, String place) {
    if (!name.startsWith(Options.CACHE_PREFIX)) {
      return new OptionName(Options.ofManager(name, place), null);
    }
    // The name of a cache may contain dots, the name of a setting doesn't.
    int dot = name.lastIndexOf('.');
    int start = Options.CACHE_PREFIX.length();
    Option<?> setting = Options.ofCache(name.substring(dot + 1), place);
    if (dot <= start) {
      throw new InvalidConfigurationException(
          "no name of a cache in option "
              + ErrorText.of(name)
              + " in "
              + place
              + "; expected "
              + Options.CACHE_FORM);
    }
    return new OptionName(setting, new CachePattern(name.substring(start, dot)));
  }

  /** Returns the name as it is written without the prefix of properties, unfit for errors. */
  private String written() {
    return caches == null
        ? option.name()
        : Options.CACHE_PREFIX + caches.text() + "." + option.name();
  }

  /** Returns the name in quotes, for errors. */
  @Override
  public String toString() {
    return ErrorText.of(written());
  }
}
