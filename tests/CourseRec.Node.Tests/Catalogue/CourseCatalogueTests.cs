using System.Text;
using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Ports;
using CourseRec.Models.Catalogue;

namespace CourseRec.Node.Tests.Catalogue;

public sealed class CourseCatalogueTests
{
    private readonly CourseIndex _index = new();
    private readonly CourseCatalogue _catalogue;

    public CourseCatalogueTests() => _catalogue = new(_index);

    [Fact]
    public void A_course_that_the_catalogue_never_named_is_available_and_has_no_title()
    {
        var course = _index.GetOrAdd("c");
        Assert.DoesNotContain(course, _catalogue.Unavailable.ToArray());
        Assert.Null(_catalogue.Title(course));
        Assert.Equal(0, _catalogue.Count);
    }

    [Fact]
    public void A_deleted_course_is_not_available_and_not_found()
    {
        Write("c", """{"title":"Logic"}""");
        Assert.Equal("Logic", _catalogue.Find("c")!.Title);
        Write("c", "");
        Assert.Null(_catalogue.Find("c"));
        Assert.Contains(_index.Find("c"), _catalogue.Unavailable.ToArray());
        Assert.Equal((0, 2L), (_catalogue.Count, _catalogue.Revision));
    }

    [Fact]
    public void A_record_that_is_not_a_course_changes_nothing()
    {
        Assert.False(_catalogue.TryApply(new(0, "c", "{"u8.ToArray()), out var error));
        Assert.NotEmpty(error.Reason);
        Assert.False(_catalogue.TryApply(new(0, "", """{"title":"T"}"""u8.ToArray()), out error));
        Assert.Equal("id", error.Field);
        Assert.Equal(0, _catalogue.Revision);
    }

    [Fact]
    public void A_search_needs_every_word_and_counts_subjects_before_the_subject_is_chosen()
    {
        Write("a", """{"title":"Linear Algebra II","subject":"Mathematics"}""");
        Write("b", """{"title":"Linear Algebra I","subject":"Mathematics"}""");
        Write("c", """{"title":"Linear Circuits","subject":"Engineering"}""");
        Write("d", """{"title":"Poetry","subject":"Literature"}""");
        var found = _catalogue.Search("LINEAR", "Mathematics", 0, 10);
        Assert.Equal(["b", "a"], found.Items.Select(c => c.Id));
        Assert.Equal(2, found.Total);
        Assert.Equal([new("Engineering", 1), new("Mathematics", 2)], found.Subjects);
        Assert.Equal(["c"], _catalogue.Search("linear engineering", null, 0, 10).Items.Select(c => c.Id));
        Assert.Equal(4, _catalogue.Search(null, null, 3, 10).Total);
    }

    [Theory]
    [InlineData("""{"id":"c","title":"T","level":3}""", "level")]
    [InlineData("""{"id":"c","title":"T","available":"yes"}""", "available")]
    [InlineData("""{"id":"c","title":"T","prerequisites":["a",""]}""", "prerequisites")]
    [InlineData("""{"id":"c","title":"T","url":"javascript:alert(1)"}""", "url")]
    [InlineData("""{"id":"c","title":"\ud800"}""", "title")]
    [InlineData("""{"title":"T"}""", "id")]
    [InlineData("""[]""", "")]
    public void A_refused_course_names_the_field(string json, string field)
    {
        Assert.False(CourseReader.TryRead(Encoding.UTF8.GetBytes(json), null, out _, out var error));
        Assert.Equal(field, error.Field);
        Assert.NotEmpty(error.Reason);
    }

    [Fact]
    public void A_course_survives_its_own_JSON()
    {
        var json =
            """{"id":"c","title":"T","subject":"S","level":"L","description":"D","prerequisites":["a"],"available":false,"price":9.5,"language":"de","url":"https://x.example/c"}""";
        Assert.True(CourseReader.TryRead(Encoding.UTF8.GetBytes(json), null, out var course, out _));
        Assert.Equal(json, Encoding.UTF8.GetString(course!.ToJson()));
    }

    private void Write(string id, string json) =>
        _catalogue.Apply(new CatalogueRecord(0, id, Encoding.UTF8.GetBytes(json)));
}
