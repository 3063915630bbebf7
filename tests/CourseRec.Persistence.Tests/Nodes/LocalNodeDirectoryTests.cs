using CourseRec.Actors.Ports;
using CourseRec.Persistence.Nodes;
using CourseRec.Persistence.Tests.Contract;

namespace CourseRec.Persistence.Tests.Nodes;

public sealed class LocalNodeDirectoryTests : NodeDirectoryContract
{
    protected override ValueTask<INodeDirectory> OpenAsync() =>
        ValueTask.FromResult<INodeDirectory>(new LocalNodeDirectory());
}
