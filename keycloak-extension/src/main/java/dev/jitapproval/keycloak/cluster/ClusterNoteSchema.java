package dev.jitapproval.keycloak.cluster;

import java.io.IOException;
import org.infinispan.protostream.FileDescriptorSource;
import org.infinispan.protostream.GeneratedSchema;
import org.infinispan.protostream.ProtobufTagMarshaller;
import org.infinispan.protostream.SerializationContext;
import org.infinispan.protostream.TagReader;
import org.infinispan.protostream.descriptors.WireType;

/** How a {@link ClusterNote} travels between nodes. Keycloak finds it as a service when it is built. */
public final class ClusterNoteSchema implements GeneratedSchema {

    private static final String FILE = "jit-approval-cluster.proto";
    private static final String TYPE = "jit_approval.ClusterNote";
    private static final int TEXT = 1;
    private static final int TEXT_TAG = WireType.makeTag(TEXT, WireType.WIRETYPE_LENGTH_DELIMITED);

    @Override
    public String getProtoFileName() {
        return FILE;
    }

    @Override
    public String getProtoFile() {
        return """
                syntax = "proto3";
                package jit_approval;
                message ClusterNote {
                  string text = 1;
                }
                """;
    }

    @Override
    public void registerSchema(SerializationContext context) {
        context.registerProtoFiles(FileDescriptorSource.fromString(FILE, getProtoFile()));
    }

    @Override
    public void registerMarshallers(SerializationContext context) {
        context.registerMarshaller(new Marshaller());
    }

    private static final class Marshaller implements ProtobufTagMarshaller<ClusterNote> {

        @Override
        public Class<ClusterNote> getJavaClass() {
            return ClusterNote.class;
        }

        @Override
        public String getTypeName() {
            return TYPE;
        }

        @Override
        public ClusterNote read(ReadContext context) throws IOException {
            TagReader reader = context.getReader();
            String text = "";
            for (int tag = reader.readTag(); tag != 0; tag = reader.readTag()) {
                if (tag == TEXT_TAG) {
                    text = reader.readString();
                } else if (!reader.skipField(tag)) {
                    break;
                }
            }
            return new ClusterNote(text);
        }

        @Override
        public void write(WriteContext context, ClusterNote note) throws IOException {
            context.getWriter().writeString(TEXT, note.text());
        }
    }
}
