package org.memjcache.config;

/**
 * One option that can be given to a manager. Everything that is known of it is here: parsing, error
 * texts and documentation all come from this.
 *
 * @param name as written in the query of a URI; with {@link #PREFIX} in front, as a property
 * @param defaultText the value if the option isn't given, as a user would write it
 * @param format how a value is written
 * @param description what the option does, for documentation: one sentence without its full stop
 */
record Option<T>(String name, String defaultText, OptionFormat<T> format, String description) {

  /** What the names of properties begin with. Properties without it belong to somebody else. */
  static final String PREFIX = "memjcache.";

  /**
   * Returns the value that a text stands for. White space around it doesn't count.
   *
   * @param place where the text comes from, for the error
   * @throws InvalidConfigurationException if the text is not accepted
   */
  T parse(String text, String place) {
    return format
        .parser()
        .apply(text.strip())
        .orElseThrow(
            () ->
                new InvalidConfigurationException(
                    "wrong value "
                        + Quoted.of(text)
                        + " of option '"
                        + name
                        + "' in "
                        + place
                        + "; accepted is "
                        + format.accepted()));
  }

  /** Returns the value if the option isn't given. */
  T defaultValue() {
    return parse(defaultText, "the table of options");
  }
}
