// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.serialization;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectOutput;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Date;
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
 * first one of its class in this key that equals it. And since equal collections can be of
 * different classes and orders, each is written in the one form of {@link KeyCollections}, where
 * the bytes of the elements decide on the order.
 *
 * <p>An object whose class {@linkplain KeyClassValidator refuses to promise} equal forms is
 * refused.
 *
 * <p>For one key and one thread.
 */
final class KeyObjectOutput extends CheckedObjectOutput {

  /** How deep sets and maps may be nested: each level doubles the work. */
  private static final int MAX_DEPTH = 10;

  private final JavaSerializer serializer;
  private final List<String> doubts;
  private final int depth;
  private final Map<Form, Object> firsts = new HashMap<>();

  /** The key's class, once it has been seen. */
  private @Nullable Class<?> keyType;

  private boolean rootSeen;
  private boolean inBigInteger;

  /**
   * Creates the output for one key.
   *
   * @param serializer copies objects, to see what is behind a stand-in
   * @param doubts takes the reasons why a copy might not be equal to the key
   */
  KeyObjectOutput(
      OutputStream out, AllowList allowList, JavaSerializer serializer, List<String> doubts)
      throws IOException {
    super(out, allowList);
    this.serializer = serializer;
    this.doubts = doubts;
    this.depth = 0;
  }

  /** Creates the output for an object inside a key, by itself. */
  private KeyObjectOutput(OutputStream out, KeyObjectOutput parent) throws IOException {
    super(out, parent.allowList);
    this.serializer = parent.serializer;
    this.doubts = parent.doubts;
    this.depth = parent.depth + 1;
    this.keyType = parent.keyType;
  }

  @Override
  protected Object replaceObject(Object object) throws IOException {
    boolean root = !rootSeen;
    rootSeen = true;
    keyType = keyType == null ? object.getClass() : keyType;
    boolean ofBigInteger = inBigInteger;
    inBigInteger = object instanceof BigInteger;
    if (KeyCollections.include(object)) {
      return firstCollection(object);
    }
    super.replaceObject(object);
    if (object instanceof Enum) {
      return object;
    }
    if (object instanceof String text) {
      return firstString(text);
    }
    Class<?> type = object.getClass();
    if (type.isArray()) {
      if (!ofBigInteger && !FrameworkTypes.include(keyType.getName())) {
        doubts.add("equals compares an array by identity");
      }
      Object array = withoutElementTypes(object);
      return first(Form.of(new ArrayContent(array)), array);
    }
    if (KeyClassValidator.isStandIn(type)) {
      return firstStandIn(object);
    }
    requireFit(type);
    return root ? object : first(Form.of(object), object);
  }

  /**
   * Returns the first object that equals this one. What is in its place then is looked at all the
   * same: if {@code equals} errs, an object that has to be refused may hide behind one that hasn't.
   */
  private Object first(Form form, Object object) {
    Object earlier = firsts.putIfAbsent(form, object);
    if (earlier == null || earlier == object) {
      return object;
    }
    if (object.getClass().getClassLoader() != null
        || object.getClass().isArray()
        || KeyCollections.include(object)) {
      formOf(object);
    }
    return earlier;
  }

  private byte[] formOf(@Nullable Object object) {
    if (object == null) {
      return new byte[0];
    }
    if (depth == MAX_DEPTH) {
      throw new CacheException(
          "sets and maps are nested deeper than " + MAX_DEPTH + "; use flatter ones, or Lists");
    }
    return JavaSerializer.write("part of a key", object, out -> new KeyObjectOutput(out, this));
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

  private Object firstCollection(Object collection) {
    String refusal = KeyCollections.refusal(collection);
    if (refusal != null) {
      throw refused(collection.getClass(), refusal);
    }
    Object copy = KeyCollections.copy(collection, this::formOf);
    return first(Form.of(copy), copy);
  }

  /** {@link Arrays#deepEquals}, by which keys compare parameters, ignores the types of elements. */
  private static Object withoutElementTypes(Object array) {
    if (array.getClass() != Object[].class) {
      return array;
    }
    Object[] copy = ((Object[]) array).clone();
    for (int i = 0; i < copy.length; i++) {
      if (copy[i] instanceof Object[] inner) {
        copy[i] = Arrays.copyOf(inner, inner.length, Object[].class);
      }
    }
    return copy;
  }

  private Object firstStandIn(Object object) throws IOException {
    ByteBuffer content = simpleContent(object);
    if (content != null) {
      return first(new Form(object.getClass(), content), object);
    }
    byte[] bytes = serializer.serialize(object);
    Object resolved = serializer.deserialize(bytes, 0, bytes.length);
    if (KeyCollections.include(resolved)) {
      return firstCollection(resolved);
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
      doubts.add("equals compares a transient field of class " + type.getName());
    }
    if (keyType != null
        && FrameworkTypes.convertsItsParts(keyType.getName())
        && Date.class.isAssignableFrom(type)) {
      return;
    }
    String refusal = KeyClassValidator.refusalOfJava(type);
    if (refusal != null) {
      throw refused(type, refusal);
    }
  }

  private static CacheException refused(Class<?> type, String why) {
    return new CacheException("Class " + type.getName() + " can't be part of a key: " + why);
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
