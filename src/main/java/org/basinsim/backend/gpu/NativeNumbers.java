package org.basinsim.backend.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.basinsim.model.Precision;

/**
 * Numbers in native memory, of one type, written one after another. Has an owner, who closes it.
 */
final class NativeNumbers implements AutoCloseable {
  private static final int ALIGNMENT = 64;

  /** Types of numbers. */
  private enum Type {
    INT(Integer.BYTES),
    FLOAT(Float.BYTES),
    DOUBLE(Double.BYTES);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }
  }

  private final Arena arena = Arena.ofShared();
  private final Type type;
  private final MemorySegment segment;
  private long size;

  private NativeNumbers(Type type, long capacity) {
    this.type = type;
    this.segment = arena.allocate(Math.multiplyExact(capacity, (long) type.bytes), ALIGNMENT);
  }

  /** Room for so many integers, all zero. */
  static NativeNumbers ofInts(long capacity) {
    return new NativeNumbers(Type.INT, capacity);
  }

  /** Room for so many reals, all zero. */
  static NativeNumbers ofReals(Precision precision, long capacity) {
    return new NativeNumbers(precision == Precision.SINGLE ? Type.FLOAT : Type.DOUBLE, capacity);
  }

  /** How many were written so far. */
  long size() {
    return size;
  }

  void add(double value) {
    switch (type) {
      case INT -> segment.setAtIndex(ValueLayout.JAVA_INT, size, (int) value);
      case FLOAT -> segment.setAtIndex(ValueLayout.JAVA_FLOAT, size, (float) value);
      case DOUBLE -> segment.setAtIndex(ValueLayout.JAVA_DOUBLE, size, value);
    }
    size++;
  }

  void add(double[] values) {
    for (double value : values) {
      add(value);
    }
  }

  /** Puts a real at a place; what is written one after another is not affected. */
  void put(long i, double value) {
    if (type == Type.FLOAT) {
      segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) value);
    } else {
      segment.setAtIndex(ValueLayout.JAVA_DOUBLE, i, value);
    }
  }

  /** Puts reals side by side, from a place on. */
  void put(long first, double[] values) {
    for (int i = 0; i < values.length; i++) {
      put(first + i, values[i]);
    }
  }

  /** Reals side by side. */
  double[] reals(long first, int count) {
    double[] reals = new double[count];
    for (int i = 0; i < count; i++) {
      reals[i] = real(first + i);
    }
    return reals;
  }

  /** Number i of the reals. */
  double real(long i) {
    return type == Type.FLOAT
        ? segment.getAtIndex(ValueLayout.JAVA_FLOAT, i)
        : segment.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
  }

  /** Number i of the integers. */
  int integer(long i) {
    return segment.getAtIndex(ValueLayout.JAVA_INT, i);
  }

  /** Begins anew. */
  void clear() {
    size = 0;
  }

  /** All of it. */
  MemorySegment segment() {
    return segment;
  }

  /** What was written so far. */
  MemorySegment written() {
    return first(size);
  }

  /** The first numbers. */
  MemorySegment first(long count) {
    return segment.asSlice(0, count * type.bytes);
  }

  @Override
  public void close() {
    arena.close();
  }
}
