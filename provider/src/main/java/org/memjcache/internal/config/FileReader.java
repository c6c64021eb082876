package org.memjcache.internal.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.text.ErrorText;
import org.memjcache.internal.text.PercentCoding;

/** Reads the properties file that a manager's URI is the location of. */
final class FileReader {
  private static final int LONGEST = 1 << 20;

  private final @Nullable ClassLoader loader;

  /**
   * Makes a reader.
   *
   * @param loader where {@code classpath:} looks first, before the thread's context class loader;
   *     null for that only
   */
  FileReader(@Nullable ClassLoader loader) {
    this.loader = loader;
  }

  /**
   * Returns the properties of the file, in its order.
   *
   * @throws InvalidConfigurationException if it isn't there, can't be read, is no UTF-8 or no
   *     properties file, or has no property of ours
   */
  List<FileProperty> read(FileUri uri) {
    List<FileProperty> properties = PropertiesFile.parse(text(uri), FileUri.shown(uri.location()));
    if (properties.stream().noneMatch(one -> one.name().startsWith(Option.PREFIX))) {
      throw new InvalidConfigurationException(
          "the file has no property whose name begins with '"
              + Option.PREFIX
              + "'; accepted is such as "
              + Option.PREFIX
              + "servers=cache1:11211");
    }
    return properties;
  }

  private String text(FileUri uri) {
    byte[] bytes = bytes(url(uri));
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\ufeff") ? text.substring(1) : text; // the mark of some editors
    } catch (CharacterCodingException e) {
      throw new InvalidConfigurationException(
          "the file is no UTF-8; save it as UTF-8, or write other characters than ASCII as"
              + " \\uXXXX");
    }
  }

  private static byte[] bytes(URL url) {
    try {
      URLConnection connection = url.openConnection();
      connection.setUseCaches(false); // or a jar file would stay open
      try (InputStream in = connection.getInputStream()) {
        byte[] bytes = in.readNBytes(LONGEST + 1);
        if (bytes.length > LONGEST) {
          throw new InvalidConfigurationException(
              "the file is longer than " + LONGEST + " bytes, which no configuration is");
        }
        return bytes;
      }
    } catch (IOException e) {
      throw new InvalidConfigurationException(
          "the file can't be read: "
              + ErrorText.of(e.toString())
              + "; accepted is "
              + FileUri.FORM);
    }
  }

  private URL url(FileUri uri) {
    if (FileUri.CLASSPATH.equals(uri.location().getScheme().toLowerCase(Locale.ROOT))) {
      return resource(uri);
    }
    try {
      return uri.location().toURL();
    } catch (MalformedURLException | IllegalArgumentException e) {
      throw new InvalidConfigurationException(
          "not a location: " + e.getMessage() + "; accepted is " + FileUri.FORM);
    }
  }

  private URL resource(FileUri uri) {
    String name =
        PercentCoding.decode(uri.location().getRawSchemeSpecificPart()).replaceFirst("^/+", "");
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    URL found = loader == null ? null : loader.getResource(name);
    if (found == null && context != null) {
      found = context.getResource(name);
    }
    if (found == null) {
      throw new InvalidConfigurationException(
          "no resource "
              + ErrorText.of(name)
              + " was found, neither by the cache manager's class loader "
              + loader
              + " nor by the thread's context class loader "
              + context);
    }
    return found;
  }
}
