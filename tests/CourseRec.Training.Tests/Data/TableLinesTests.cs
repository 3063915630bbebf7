using CourseRec.Training.Data;

namespace CourseRec.Training.Tests.Data;

public sealed class TableLinesTests
{
    [Fact]
    public void MovieLens_is_sorted_by_time_and_ties_keep_the_order_of_the_file()
    {
        var data = Reading.Read("1::9::5::30\n2::9::1::7\n1::8::3::10\n1::7::4::30\n1::6::0.5::10\n");
        Assert.Equal("1: 8 6 9 7; 2: 9", data.Show());
        Assert.Equal([10_000, 10_000, 30_000, 30_000], data.Times(0).ToArray());
        Assert.Equal((InteractionFormat.MovieLens, true), (data.Format, data.HasTimes));
    }

    [Theory]
    [InlineData("userId,movieId,rating,timestamp\n1,9,5,30\n1,8,3,10\n")]
    [InlineData("timestamp,rating,course_id,user_id\n30,5,9,1\r\n10,3,8,1\r\n")]
    [InlineData("item;user;title;time\n9;1;\"a;b \"\"c\"\"\";30\n8;1;x;10\n")]
    [InlineData("\"user\",\"item\",\"ts\"\n\"1\",\"9\",\"30\"\n1,8,10\n")]
    [InlineData("user,item,title,time\n1,9,5\" disks,30\n1,8,x,10\n")]
    [InlineData("UserID\tItemID\ttimestamp\n1\t9\t1600000000000\n1\t8\t1500000000\n")]
    public void A_table_names_its_columns_in_any_order(string text)
    {
        var data = Reading.Read(text);
        Assert.Equal("1: 8 9", data.Show());
        Assert.Equal(InteractionFormat.Table, data.Format);
    }

    [Fact]
    public void A_quoted_field_may_have_the_separator_in_it() =>
        Assert.Equal("a::b: c", Reading.Read("\"a::b\"::\"c\"::3::4\n").Show());

    [Fact]
    public void A_table_without_times_keeps_the_order_of_the_file()
    {
        var data = Reading.Read("user,course\n1,b\n2,a\n1,a\n");
        Assert.Equal("1: b a; 2: a", data.Show());
        Assert.False(data.HasTimes);
    }

    [Fact]
    public void Sorting_agrees_with_a_stable_sort()
    {
        var random = new Random(5);
        var rows = Enumerable
            .Range(0, 20_000)
            .Select(_ => (User: random.Next(50), Course: random.Next(700), Time: random.Next(200)))
            .ToList();
        var data = Reading.Read(string.Join('\n', rows.Select(r => $"{r.User}::{r.Course}::3::{r.Time}")));
        foreach (var (id, user) in data.Users.Select((id, user) => (int.Parse(id), user)))
            Assert.Equal(
                rows.Where(r => r.User == id).OrderBy(r => r.Time).Select(r => $"{r.Course}"),
                data.Sequence(user).ToArray().Select(c => data.Courses[c])
            );
    }

    [Theory]
    [InlineData("1::2::3::4\n1::2::3\n", ", line 2: 3 fields, where 4 are expected.")]
    [InlineData("1::2::3::4\n1::2::x::4\n", ", line 2: rating 'x' must be a number.")]
    [InlineData("1::2::3::4\n1::2::3::later\n", ", line 2: timestamp 'later' must be a number.")]
    [InlineData("1::2::3::-4\n", ", line 1: timestamp '-4' must be a Unix time in seconds or milliseconds.")]
    [InlineData("1::::3::4\n", ", line 1: an id is empty.")]
    [InlineData("user,item\n1,2,3\n", ", line 2: 3 fields, where 2 are expected.")]
    [InlineData("user,item\n1,\"2\n", ", line 2: a quoted field does not end.")]
    [InlineData("user,item,title\n1,2,\"3\n4,5,6\n", ", line 2: a quoted field does not end.")]
    [InlineData("user,item,title\n1,2,\"3\"4\n", ", line 2: a quoted field does not end.")]
    [InlineData("user,item\n1,a\"b\n", ", line 2: an id has a quotation mark.")]
    [InlineData("user,item\n", " has no interactions to learn from.")]
    public void What_is_wrong_is_named_with_its_line(string text, string expected) =>
        Assert.Equal(expected, Reading.Refusal(text));

    [Theory]
    [InlineData("user,item,itemId\n1,2,3\n")]
    [InlineData("user,user,item\n1,2,3\n")]
    [InlineData("user,time\n1,2\n")]
    public void A_header_names_each_column_once(string text) =>
        Assert.Contains("is of no known format", Reading.Refusal(text), StringComparison.Ordinal);
}
