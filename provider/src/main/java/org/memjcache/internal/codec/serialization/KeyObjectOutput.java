package org.memjcache.internal.codec.serialization;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectOutput;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a key so that equal keys give equal bytes.
 *
 * <p>Java serialization writes an object once and then refers back to it, but goes by identity: two
 * equal strings are written twice, the same string only once. So each object is replaced by the
 * first one of its class in this key that equals it. And since equal lists can be of different
 * classes, each list inside a key is written as an {@link ArrayList}.
 *
 * <p>An object whose class {@linkplain KeyClassValidator refuses to promise} equal forms is
 * refused.
 *
 * <p>For one key and one thread.
 */
final class KeyObjectOutput extends CheckedObjectOutput {

  private final JavaSerializer serializer;
  private final List<Class<?>> withTransientState;
  private final Map<Form, Object> firsts = new HashMap<>();
  private boolean rootSeen;

  /**
   * Creates the output for one key.
   *
   * @param serializer copies objects, to see what is behind a stand-in
   * @param withTransientState takes the classes that may have more state than is written
   */
  KeyObjectOutput(
      OutputStream out,
      AllowList allowList,
      JavaSerializer serializer,
      List<Class<?>> withTransientState)
      throws IOException {
    super(out, allowList);
    this.serializer = serializer;
    this.withTransientState = withTransientState;
  }

  @Override
  protected Object replaceObject(Object object) throws IOException {
    super.replaceObject(object);
    if (!rootSeen) {
      rootSeen = true;
      if (!KeyClassValidator.isStandIn(object.getClass())) {
        requireFit(object.getClass());
      }
      return object;
    }
    if (object instanceof String text) {
      return firstString(text);
    }
    if (object instanceof Enum) {
      return object;
    }
    if (object instanceof List<?> list) {
      return firstList(list);
    }
    Class<?> type = object.getClass();
    if (type.isArray()) {
      return first(Form.of(new ArrayContent(object)), object);
    }
    if (KeyClassValidator.isStandIn(type)) {
      return firstStandIn(object);
    }
    requireFit(type);
    return first(Form.of(object), object);
  }

  private Object first(Form form, Object object) {
    Object earlier = firsts.putIfAbsent(form, object);
    return earlier == null ? object : earlier;
  }

  /**
   * Strings that look like the type of a field are a special case. The stream writes the types of
   * fields too, as interned strings, and refers back to such a string from then on before anybody
   * is asked. So all strings equal to it have to be the interned one.
   */
  private Object firstString(String text) {
    boolean mayBeType = text.startsWith("L") || text.startsWith("[");
    return mayBeType ? text.intern() : first(Form.of(text), text);
  }

  private Object firstList(List<?> list) {
    ArrayList<?> copy = new ArrayList<>(list);
    return first(Form.of(copy), copy);
  }

  private Object firstStandIn(Object object) throws IOException {
    ByteBuffer content = simpleContent(object);
    if (content != null) {
      return first(new Form(object.getClass(), content), object);
    }
    byte[] bytes = serializer.serialize(object);
    Object resolved = serializer.deserialize(bytes, 0, bytes.length);
    if (resolved instanceof List<?> list) {
      return firstList(list);
    }
    requireFit(resolved.getClass());
    return first(Form.of(resolved), object);
  }

  /**
   * Returns what the stand-ins of {@code java.time} write, which says all about them, or null for
   * other objects and for those that hold more objects. Only a short cut: copying costs more.
   */
  private static @Nullable ByteBuffer simpleContent(Object object) throws IOException {
    if (!(object instanceof Externalizable external)
        || !object.getClass().getName().startsWith("java.time.")) {
      return null;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(32);
    try (FlatOutput out = new FlatOutput(bytes)) {
      external.writeExternal(out);
      return out.nested ? null : ByteBuffer.wrap(bytes.toByteArray());
    }
  }

  private void requireFit(Class<?> type) {
    if (KeyClassValidator.hasTransientState(type)) {
      withTransientState.add(type);
    }
    String refusal = KeyClassValidator.refusalOfJava(type);
    if (refusal != null) {
      throw new CacheException("Class " + type.getName() + " can't be part of a key: " + refusal);
    }
  }

  /** An object by class and equality. */
  private record Form(Class<?> type, Object content) {
    static Form of(Object object) {
      return new Form(object.getClass(), object);
    }
  }

  /** An array by class and elements. */
  private static final class ArrayContent {
    private final Object array;

    ArrayContent(Object array) {
      this.array = array;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof ArrayContent that
          && array.getClass() == that.array.getClass()
          && Objects.deepEquals(array, that.array);
    }

    @Override
    public int hashCode() {
      return Arrays.deepHashCode(new Object[] {array});
    }
  }

  /** Takes plain data, and notes when more objects would follow. */
  private static final class FlatOutput extends DataOutputStream implements ObjectOutput {
    private boolean nested;

    FlatOutput(OutputStream out) {
      super(out);
    }

    @Override
    public void writeObject(@Nullable Object object) {
      nested = true;
    }
  }
}
