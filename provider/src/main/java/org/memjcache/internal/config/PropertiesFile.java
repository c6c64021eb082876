package org.memjcache.internal.config;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.text.ErrorText;

/**
 * Takes the text of a properties file apart as {@link Properties#load(java.io.Reader)} does, and
 * remembers the lines. Other than there, a name that stands twice is refused, because one of the
 * two would be lost without a word, and a property without a name is left out.
 */
final class PropertiesFile {
  private PropertiesFile() {}

  /**
   * Returns the properties in their order.
   *
   * @param text the file, decoded
   * @param file what to call it in errors
   * @throws InvalidConfigurationException for a name that stands twice, and for a backslash and u
   *     that four hexadecimal digits don't follow; names the line
   */
  static List<FileProperty> parse(String text, String file) {
    List<FileProperty> properties = new ArrayList<>();
    Map<String, Integer> lineOf = new HashMap<>();
    String[] lines = text.split("\r\n|[\r\n]", -1);
    for (int i = 0; i < lines.length; i++) {
      if (isBlankOrComment(lines[i])) {
        continue;
      }
      int line = i + 1;
      StringBuilder logical = new StringBuilder(lines[i]);
      while (isContinued(lines[i]) && i + 1 < lines.length) {
        i++;
        logical.append('\n').append(lines[i]);
      }
      String place = "line " + line + " of " + file;
      FileProperty property = property(logical.toString(), place).orElse(null);
      if (property == null) {
        continue;
      }
      Integer earlier = lineOf.putIfAbsent(property.name(), line);
      if (earlier != null) {
        throw new InvalidConfigurationException(
            "property "
                + ErrorText.of(property.name())
                + " stands twice, in lines "
                + earlier
                + " and "
                + line
                + " of "
                + file
                + "; give it once");
      }
      properties.add(property);
    }
    return properties;
  }

  private static boolean isBlankOrComment(String line) {
    String content = line.replaceFirst("^[ \t\f]+", "");
    return content.isEmpty() || content.startsWith("#") || content.startsWith("!");
  }

  /** Returns whether the line ends in a backslash that isn't escaped by another one. */
  private static boolean isContinued(String line) {
    int end = line.length();
    while (end > 0 && line.charAt(end - 1) == '\\') {
      end--;
    }
    return (line.length() - end) % 2 == 1;
  }

  private static Optional<FileProperty> property(String logicalLine, String place) {
    Properties one = new Properties();
    try {
      one.load(new StringReader(logicalLine));
    } catch (IllegalArgumentException | IOException e) {
      throw new InvalidConfigurationException(
          "a \\u is not followed by four hexadecimal digits in "
              + place
              + "; write \\\\u if a backslash is meant");
    }
    return one.stringPropertyNames().stream()
        .filter(name -> !name.isEmpty())
        .map(name -> new FileProperty(name, one.getProperty(name), place))
        .findFirst();
  }
}
